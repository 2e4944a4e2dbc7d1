import { addAbortSignal, Readable } from 'node:stream';

import axios, { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

import type { WixAgentPair } from '../../http/wix-agents.js';
import type { WixAccessToken } from '../../tokens/wix-access-token.js';
import type { CallAbortion } from './call-abortion.js';
import { failureOf } from './call-failure.js';
import { sealedStream } from '../answers/response-body.js';

/** One request as sent. */
export interface WireRequest {
  readonly config: InternalAxiosRequestConfig;
  /** Where to, with its origin checked. */
  readonly url: string;
  readonly token: WixAccessToken;
  readonly abortion: CallAbortion;
}

/**
 * Sends requests with a token attached, and takes every trace of it out of what comes back: axios and Node keep the
 * headers of a request in the response, in its stream and in errors.
 */
export class CallWire {
  readonly #http: AxiosAdapter = axios.getAdapter('http');
  readonly #agents: WixAgentPair;

  constructor(agents: WixAgentPair) {
    this.#agents = agents;
  }

  /**
   * The answer, whatever its status.
   *
   * @throws {@link WixUnavailableError} when there is none.
   */
  async send(request: WireRequest): Promise<AxiosResponse<unknown>> {
    const maxBytes = limitOf(request.config);
    try {
      return cleaned(await this.#http(this.#withToken(request, maxBytes)), request.config, maxBytes);
    } catch (error) {
      throw failureOf(error, maxBytes);
    }
  }

  #withToken({ config, url, token, abortion }: WireRequest, maxBytes: number): InternalAxiosRequestConfig {
    return {
      ...config,
      ...this.#agents,
      url,
      allowAbsoluteUrls: true,
      headers: new AxiosHeaders(config.headers).set('Authorization', token.value),
      signal: abortion,
      // The budget of the whole call, redirects and the limit of a stream are handled elsewhere.
      timeout: 0,
      maxRedirects: 0,
      maxContentLength: config.responseType === 'stream' ? -1 : maxBytes,
      validateStatus: null,
      proxy: false,
    };
  }
}

function cleaned(
  { data, status, statusText, headers }: AxiosResponse<unknown>,
  config: InternalAxiosRequestConfig,
  maxBytes: number,
): AxiosResponse<unknown> {
  const body = data instanceof Readable ? abortedBy(config.signal, sealedStream(data, maxBytes)) : data;
  return { data: body, status, statusText, headers, config };
}

const abortedBy = (signal: InternalAxiosRequestConfig['signal'], stream: Readable): Readable =>
  signal instanceof AbortSignal ? addAbortSignal(signal, stream) : stream;

const limitOf = ({ maxContentLength = -1 }: InternalAxiosRequestConfig): number =>
  maxContentLength < 0 ? Infinity : maxContentLength;
