import type { AxiosInstance, AxiosResponse } from 'axios';
import type { Observable } from 'rxjs';

import type { Caller } from '../tokens/call-tokens.js';
import { abortable } from './sending/abortable.js';
import type { CallAbortion } from './sending/call-abortion.js';
import type { CallSender } from './sending/call-sender.js';
import { axiosLike } from './calls-axios.js';
import { refuseAdapter, type WixRequestConfig } from './sending/wix-request-config.js';

/**
 * Calls Wix on behalf of a caller, in the manner of Nest's `HttpService`. URLs are paths below the API's URL, such as
 * `/stores/v3/products/query`. Every method gives a cold Observable: each subscription is one call, and unsubscribing
 * before the answer aborts it.
 *
 * All methods fail alike: with {@link WixApiError} when Wix answers with anything but success, with
 * {@link WixUnavailableError} when it does not answer in time (`timeout`, retries included), with
 * {@link WixMisconfiguredError} before anything is sent when the call would lead elsewhere or carries an
 * `Authorization` of its own, and with what {@link WixTokenService} says when there is no token. Wix's refusal of an
 * expired token is not among them: the call is then sent once more with a new one.
 */
export class WixHttpClient {
  readonly #shared: AxiosInstance;
  readonly #sender: CallSender;
  readonly #caller: Caller;
  #own: AxiosInstance | undefined;

  constructor(shared: AxiosInstance, sender: CallSender, caller: Caller) {
    this.#shared = shared;
    this.#sender = sender;
    this.#caller = caller;
  }

  /**
   * An axios instance that calls in the same name and under the same rules, for code that wants promises or
   * interceptors. Its interceptors, added to those of {@link WixHttpService.axiosRef}, concern this client alone.
   */
  get axiosRef(): AxiosInstance {
    // Made when asked for: making one costs a fifth of a call.
    return (this.#own ??= axiosLike(this.#shared, this.#sender.adapterFor(this.#caller)));
  }

  /** Sends a request as `config` describes it. */
  request<T = unknown, D = unknown>(config: WixRequestConfig<D>): Observable<AxiosResponse<T, D>> {
    return abortable((abortion) => this.#send<T, D>(config, abortion));
  }

  /** Sends a GET request. */
  get<T = unknown, D = unknown>(url: string, config?: WixRequestConfig<D>): Observable<AxiosResponse<T, D>> {
    return this.request({ ...config, method: 'get', url });
  }

  /** Sends a HEAD request. */
  head<T = unknown, D = unknown>(url: string, config?: WixRequestConfig<D>): Observable<AxiosResponse<T, D>> {
    return this.request({ ...config, method: 'head', url });
  }

  /** Sends a DELETE request. */
  delete<T = unknown, D = unknown>(url: string, config?: WixRequestConfig<D>): Observable<AxiosResponse<T, D>> {
    return this.request({ ...config, method: 'delete', url });
  }

  /** Sends a POST request. It is sent again after 429 and the like only with `retry: 'always'`. */
  post<T = unknown, D = unknown>(url: string, data?: D, config?: WixRequestConfig<D>): Observable<AxiosResponse<T, D>> {
    return this.request(withBody({ ...config, method: 'post', url }, data));
  }

  /** Sends a PUT request. */
  put<T = unknown, D = unknown>(url: string, data?: D, config?: WixRequestConfig<D>): Observable<AxiosResponse<T, D>> {
    return this.request(withBody({ ...config, method: 'put', url }, data));
  }

  /** Sends a PATCH request. It is sent again after 429 and the like only with `retry: 'always'`. */
  patch<T = unknown, D = unknown>(
    url: string,
    data?: D,
    config?: WixRequestConfig<D>,
  ): Observable<AxiosResponse<T, D>> {
    return this.request(withBody({ ...config, method: 'patch', url }, data));
  }

  async #send<T, D>(config: WixRequestConfig<D>, abortion: CallAbortion): Promise<AxiosResponse<T, D>> {
    refuseAdapter(config);
    const adapter = this.#sender.adapterFor(this.#caller, abortion);
    return (this.#own ?? this.#shared).request<T, AxiosResponse<T, D>, D>({ ...config, adapter });
  }
}

const withBody = <D>(config: WixRequestConfig<D>, data: D | undefined): WixRequestConfig<D> =>
  data === undefined ? config : { ...config, data };
