import type { AxiosResponse } from 'axios';

import type { WixDestination } from '../../http/wix-destination.js';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Whether an answer points elsewhere instead of telling something. */
export const isRedirect = ({ status }: Pick<AxiosResponse, 'status'>): boolean => REDIRECTS.has(status);

/**
 * Where to send the request instead, or `undefined` to use the answer as it is: only requests without a body are
 * asked again elsewhere, and only below the API's own URL, because the token goes along.
 */
export function redirectTarget(
  { config, headers, ...response }: AxiosResponse<unknown>,
  from: { readonly url: string; readonly hops: number },
  destination: WixDestination,
): string | undefined {
  const location: unknown = headers['location'];
  const mayFollow = config.method === 'get' || config.method === 'head';
  if (!isRedirect(response) || !mayFollow || typeof location !== 'string') return undefined;
  return from.hops < (config.maxRedirects ?? MAX_REDIRECTS) ? destination.redirected(location, from.url) : undefined;
}
