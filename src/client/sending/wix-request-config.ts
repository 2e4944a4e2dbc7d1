import type { AxiosInstance, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';

import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';

/** Settings that decide where a request goes or who asks. This module decides that, so calls must not. */
const OURS = [
  'auth',
  'beforeRedirect',
  'http2Options',
  'httpAgent',
  'httpVersion',
  'httpsAgent',
  'lookup',
  'proxy',
  'socketPath',
  'transport',
] as const;

const OUR_HEADERS = ['Authorization', 'Host'] as const;

/** What a call may set: what axios takes, but for where the request goes and who asks. */
export interface WixRequestConfig<Data = unknown> extends Omit<
  AxiosRequestConfig<Data>,
  (typeof OURS)[number] | 'adapter'
> {
  /**
   * Whether the call may be sent again when Wix is throttling (429), overloaded (502, 503, 504) or not to be reached:
   * `always`, `never`, or only when the method is idempotent (GET, HEAD, OPTIONS, PUT, DELETE). Say `always` for a
   * POST that only reads, such as a query: a lost answer then costs another one and does nothing twice.
   *
   * @default 'idempotent'
   */
  readonly retry?: 'idempotent' | 'always' | 'never';
}

/** Takes what is ours out of defaults, where an application puts it for all its axios instances (`axios.defaults`). */
export function dropWhatIsOurs(defaults: AxiosInstance['defaults']): void {
  for (const name of OURS) Reflect.deleteProperty(defaults, name);
  for (const name of OUR_HEADERS) Reflect.deleteProperty(defaults.headers.common, name);
}

/** @throws {@link WixMisconfiguredError} when a call, or an interceptor, sets what is ours to decide. */
export function refuseWhatIsOurs(config: InternalAxiosRequestConfig): void {
  for (const name of OURS) {
    const value: unknown = config[name];
    if (value !== undefined) throw misconfigured(name);
  }
  for (const name of OUR_HEADERS) {
    if (config.headers.has(name)) throw misconfigured(`the header ${name}`);
  }
}

/** @throws {@link WixMisconfiguredError} when a call brings an adapter, which would send it without a token. */
export function refuseAdapter(config: object): void {
  if ('adapter' in config && config.adapter !== undefined) throw misconfigured('adapter');
}

const misconfigured = (what: string): WixMisconfiguredError =>
  new WixMisconfiguredError(
    `The call was not sent: ${what} decides where a call goes or who asks, which WixHttpService does. Take it out of ` +
      'the call, its interceptors and axios.defaults.',
  );
