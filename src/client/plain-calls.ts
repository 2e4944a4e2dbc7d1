import { type Readable } from 'node:stream';

import axios, { type AxiosInstance, type AxiosResponse } from 'axios';

import type { Caller } from '../tokens/call-tokens.js';
import { apiAnswerOf } from './answers/api-error-of.js';
import type { WixApiAnswer } from './answers/wix-api.error.js';
import { callsAxios, type CallSettings } from './calls-axios.js';
import { CallSender, type CallParts } from './sending/call-sender.js';
import type { WixRequestConfig } from './sending/wix-request-config.js';

/** A call that is ready to be sent. */
export interface PlainCall {
  readonly method: string;
  /** A path below the API's URL, or a whole URL below it. */
  readonly url: string;
  /** Without `Authorization` and `Host`. */
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is sent once and never again. */
  readonly body: Buffer | Readable | undefined;
  /** Ends the call when it is aborted. */
  readonly signal: AbortSignal | undefined;
  /** Whether it may be sent again: see {@link WixRequestConfig.retry}. */
  readonly retry: WixRequestConfig['retry'];
  /** Whether a redirect within the API is followed, where the method allows it. */
  readonly followsRedirects: boolean;
}

/** What Wix answered, whatever its status. */
export interface PlainAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  /** The whole of it, decompressed. */
  readonly body: Buffer;
  /** What an answer says that is not one of 2xx. */
  readonly refusal: WixApiAnswer | undefined;
}

/** A call ended because its signal was aborted. */
export class AbortedCallError extends Error {
  constructor({ reason }: AbortSignal) {
    super('The call to Wix was aborted.', { cause: reason });
    // `AbortError` or `TimeoutError`, by which callers of `fetch` tell it from a failure.
    this.name = reason instanceof Error ? reason.name : 'AbortError';
  }
}

/** Calls Wix for clients that are not axios, under the rules of {@link WixHttpService}. */
export class PlainCalls {
  readonly #axios: AxiosInstance;
  readonly #sender: CallSender;
  readonly #parts: CallParts;

  constructor(parts: CallParts, settings: CallSettings) {
    this.#axios = callsAxios(settings);
    this.#sender = new CallSender(parts, 'sdk');
    this.#parts = parts;
  }

  /**
   * @throws {@link AbortedCallError} and whatever else keeps an answer from coming: see {@link WixHttpClient}.
   */
  async send(caller: Caller, call: PlainCall): Promise<PlainAnswer> {
    try {
      return await this.#answerTo(call, await this.#axios.request<Buffer>(this.#configOf(caller, call)));
    } catch (error) {
      throw axios.isCancel(error) && call.signal !== undefined ? new AbortedCallError(call.signal) : error;
    }
  }

  #configOf(caller: Caller, { body, signal, followsRedirects, ...call }: PlainCall): object {
    return {
      ...call,
      ...(body !== undefined && { data: body }),
      ...(signal !== undefined && { signal }),
      ...(!followsRedirects && { maxRedirects: 0 }),
      adapter: this.#sender.adapterFor(caller),
      responseType: 'arraybuffer',
      transformRequest: (data: unknown) => data,
      transformResponse: (data: unknown) => data,
      validateStatus: null,
    };
  }

  async #answerTo({ url }: PlainCall, response: AxiosResponse<Buffer>): Promise<PlainAnswer> {
    const { status, statusText, headers, data } = response;
    const isRefused = status < 200 || status >= 300;
    const sentTo = this.#parts.destination.resolve(url);
    const refusal = isRefused ? await apiAnswerOf(response, sentTo, this.#parts.clock.nowMs()) : undefined;
    return { status, statusText, headers: linesOf(headers), body: data, refusal };
  }
}

const linesOf = (headers: AxiosResponse['headers']): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((line): [string, string] => [name, String(line)]),
  );
