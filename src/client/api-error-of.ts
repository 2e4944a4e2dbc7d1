import type { AxiosResponse } from 'axios';

import { requestIdText } from '../core/upstream-text.js';
import { retryAfterMs } from '../http/retry-after.js';
import { isRedirect } from './redirect.js';
import { errorBody } from './response-body.js';
import { WixApiError } from './wix-api.error.js';

/** The error for an answer that a call does not accept. */
export async function apiErrorOf(response: AxiosResponse<unknown>, url: string, nowMs: number): Promise<WixApiError> {
  const { status, headers, config } = response;
  return new WixApiError({
    method: (config.method ?? 'get').toUpperCase(),
    path: new URL(url).pathname,
    status,
    body: await errorBody(response.data),
    requestId: requestIdText(headers['x-wix-request-id']),
    retryAfterMs: retryAfterMs(headers['retry-after'], nowMs),
    remark: isRedirect(response) ? NOT_FOLLOWED : undefined,
  });
}

const NOT_FOLLOWED =
  'The redirect was not followed and nothing was sent there: a token goes nowhere but to the API, and only GET and ' +
  'HEAD are asked again. To read the location, set maxRedirects: 0 and a validateStatus that accepts the status.';
