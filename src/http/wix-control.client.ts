import type { HttpService } from '@nestjs/axios';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { catchError, defer, firstValueFrom, map, retry, throwError, timeout, timer, type Observable } from 'rxjs';

import type { WixClock } from '../core/clock.js';
import { isJsonObject, textOf } from '../core/json.js';
import { upstreamText } from '../core/upstream-text.js';
import { WixAuthError, WixUnavailableError } from '../core/wix-auth.errors.js';
import { backoffMs } from './backoff.js';
import { retryAfterMs } from './retry-after.js';
import type { WixAgents, WixLane } from './wix-agents.js';
import { describeAnswer, readAnswer, type WixAnswer } from './wix-answer.js';

/** A question this library itself puts to Wix. */
export interface ControlRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below the API's URL. Never holds a credential. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as `Authorization`. */
  readonly token?: string;
  /** Whether asking twice does no harm; else a lost answer is not asked for again. */
  readonly repeatable: boolean;
  readonly lane: Exclude<WixLane, 'calls'>;
}

/** Where Wix is and how long one question may take. */
export interface WixControlSettings {
  readonly apiUrl: string;
  readonly requestTimeoutMs: number;
}

const MAX_RETRIES = 3;
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Puts this library's own questions to Wix: bounded in time, size and connections, retried where harmless.
 * Answers of 2xx and 4xx come back for the caller to read; everything else is {@link WixUnavailableError}.
 */
export class WixControlClient {
  readonly #http: HttpService;
  readonly #agents: WixAgents;
  readonly #clock: WixClock;
  readonly #settings: WixControlSettings;

  constructor(http: HttpService, agents: WixAgents, clock: WixClock, settings: WixControlSettings) {
    this.#http = http;
    this.#agents = agents;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** @throws {@link WixUnavailableError} when Wix cannot be asked. */
  send(request: ControlRequest): Promise<WixAnswer> {
    return this.#agents.use(
      () => nameOf(request),
      () => this.#send(request),
    );
  }

  #send(request: ControlRequest): Promise<WixAnswer> {
    const deadlineMs = this.#clock.nowMs() + this.#settings.requestTimeoutMs;
    return firstValueFrom(
      this.#attempt(request).pipe(
        retry({ delay: (error, attempt) => this.#nextAttempt(request, error, attempt, deadlineMs) }),
        timeout({
          first: this.#settings.requestTimeoutMs,
          with: () =>
            throwError(
              () => new WixUnavailableError(`Wix did not answer within ${String(this.#settings.requestTimeoutMs)} ms.`),
            ),
        }),
      ),
    );
  }

  #attempt(request: ControlRequest): Observable<WixAnswer> {
    return defer(() => this.#http.request<string>(this.#requestOf(request))).pipe(
      catchError((error: unknown) => throwError(() => networkFailure(error))),
      map((response) => this.#usableAnswer(response)),
    );
  }

  #requestOf(request: ControlRequest): AxiosRequestConfig<object> {
    return {
      method: request.method,
      url: `${this.#settings.apiUrl}${request.path}`,
      ...(request.body && { data: request.body }),
      headers: request.token === undefined ? {} : { authorization: request.token },
      ...this.#agents.of(request.lane),
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
      // A 307 would post the secret again, to wherever it points.
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER_BYTES,
      proxy: false,
    };
  }

  #usableAnswer(response: AxiosResponse<string>): WixAnswer {
    const answer = readAnswer(response.status, response.data, response.headers['x-wix-request-id']);
    if ((answer.status >= 200 && answer.status < 300) || isRefusal(answer.status)) return answer;
    throw new WixUnavailableError(`Wix cannot be asked right now (${describeAnswer(answer)}).`, {
      requestId: answer.requestId,
      retryAfterMs: retryAfterMs(response.headers['retry-after'], this.#clock.nowMs()),
    });
  }

  #nextAttempt(request: ControlRequest, error: unknown, attempt: number, deadlineMs: number): Observable<unknown> {
    const asked = error instanceof WixUnavailableError ? error.retryAfterMs : undefined;
    const waitMs = backoffMs(attempt, asked);
    const inTime = this.#clock.nowMs() + waitMs < deadlineMs;
    const worthIt = error instanceof WixUnavailableError && request.repeatable && attempt <= MAX_RETRIES && inTime;
    return worthIt ? timer(waitMs) : throwError(() => error);
  }
}

const nameOf = ({ method, path }: ControlRequest): string => `${method} ${path.replace(/\?.*$/s, '')}`;

const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== 429 && status !== 408;

// An AxiosError prints the request's headers and body, secret and token included, so only its code goes on.
function networkFailure(error: unknown): WixAuthError {
  if (error instanceof WixAuthError) return error;
  const code = isJsonObject(error) ? upstreamText(textOf(error, 'code') ?? 'no code') : 'no code';
  return new WixUnavailableError(`Wix cannot be reached (${code}).`, { cause: new Error(code) });
}
