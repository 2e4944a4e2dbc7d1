import type { HttpService } from '@nestjs/axios';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { catchError, defer, firstValueFrom, map, retry, tap, throwError, timeout, timer, type Observable } from 'rxjs';

import { AuthEvents } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, textOf } from '../core/values/json.js';
import { upstreamText } from '../core/values/upstream-text.js';
import { WixAuthError, WixUnavailableError } from '../core/wix-auth.errors.js';
import { backoffMs } from './limits/backoff.js';
import type { CircuitFailure } from './limits/endpoint-circuit.js';
import { retryAfterMs } from './limits/retry-after.js';
import { endOfStatus } from '../diagnostics/trace-channel.js';
import { Traces } from '../diagnostics/traces.js';
import { dropForeignDefaults } from './own-defaults.js';
import { TurnQueue } from './limits/turn-queue.js';
import { laneSlots, type WixAgents, type WixLane } from './wix-agents.js';
import { pathTemplate } from './path-template.js';
import { describeAnswer, isSuccess, readAnswer, type WixAnswer } from './wix-answer.js';
import { WixGate, type GatedRequest, type Passage } from './wix-gate.js';

/** A request this library itself sends to Wix. */
export interface ControlRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below the API's URL. Never holds a credential. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as `Authorization`. */
  readonly token?: string;
  /** Whether it may be sent twice; otherwise it is not repeated after a lost answer. */
  readonly repeatable: boolean;
  readonly lane: Exclude<WixLane, 'calls'>;
  /** The installation whose quota it uses; of a token not verified yet, the one it names. */
  readonly instanceId?: string | undefined;
  /**
   * Whether an answer of 2xx says what was asked for; one that does not counts as a failure of the endpoint.
   *
   * @default any JSON object does
   */
  readonly isReadable?: ((answer: WixAnswer) => boolean) | undefined;
}

/** Where Wix is, how long one request may take, and how long it may wait for its turn before. */
export interface WixControlSettings {
  readonly apiUrl: string;
  readonly requestTimeoutMs: number;
  readonly maxWaitMs: number;
}

/** The state of a request. */
interface SentRequest {
  attempts: number;
  status: number | undefined;
}

const MAX_RETRIES = 3;
const MAX_ANSWER_BYTES = 1_048_576;
const MAX_WAITING = 2_000;

/**
 * Sends this library's own requests to Wix: bounded in time, size and connections, retried where harmless, and held
 * back while Wix would not answer. Answers of 2xx and 4xx come back for the caller to read; everything else is
 * {@link WixUnavailableError}.
 */
export class WixControlClient {
  readonly #http: HttpService;
  readonly #agents: WixAgents;
  readonly #clock: WixClock;
  readonly #settings: WixControlSettings;
  readonly #gate: WixGate;
  readonly #traces: Traces;
  readonly #host: string;
  readonly #queues: Readonly<Record<Exclude<ControlRequest['lane'], 'introspection'>, TurnQueue>>;

  constructor(
    http: HttpService,
    agents: WixAgents,
    clock: WixClock,
    settings: WixControlSettings,
    events = new AuthEvents(),
    traces = new Traces(),
  ) {
    dropForeignDefaults(http.axiosRef.defaults);
    this.#http = http;
    this.#agents = agents;
    this.#clock = clock;
    this.#settings = settings;
    this.#gate = new WixGate(clock, events);
    this.#traces = traces;
    this.#host = new URL(settings.apiUrl).host;
    const queue = (lane: WixLane): TurnQueue =>
      new TurnQueue({
        slots: laneSlots(lane),
        maxWaitMs: settings.maxWaitMs,
        maxWaiting: MAX_WAITING,
        tracing: { channel: traces.limiter, name: lane },
      });
    this.#queues = { reverification: queue('reverification'), install: queue('install'), control: queue('control') };
  }

  /** Whether a background request of that kind would hold up none that a caller waits for. */
  hasRoomToSpare(lane: Exclude<ControlRequest['lane'], 'introspection'>): boolean {
    return !this.#agents.isStopping && this.#queues[lane].hasRoomToSpare;
  }

  /** Refuses what would not be sent, before it waits for its turn elsewhere. @throws {@link WixUnavailableError} */
  refuseEarly(request: GatedRequest): void {
    this.#gate.refuseEarly(request);
  }

  /** @throws {@link WixUnavailableError} when Wix cannot be asked. */
  send(request: ControlRequest): Promise<WixAnswer> {
    return this.#agents.use(
      () => nameOf(request),
      () => this.#send(request),
    );
  }

  async #send(request: ControlRequest): Promise<WixAnswer> {
    this.#gate.refuseEarly(request);
    // Requests about new tokens have waited for their turn before a lease was taken for them.
    if (request.lane === 'introspection') return this.#sendGated(request);
    const turn = { key: request.instanceId ?? '', rank: 0 } as const;
    return this.#queues[request.lane].run(turn, () => this.#sendGated(request));
  }

  async #sendGated(request: ControlRequest): Promise<WixAnswer> {
    const passage = this.#gate.enter(request);
    try {
      const answer = await this.#sendTraced(request, passage);
      if (isUnreadable(request, answer)) passage.failed(unreadable(answer));
      else passage.succeeded();
      return answer;
    } catch (error) {
      if (error instanceof WixUnavailableError && error.isOutage) passage.failed(failureOf(error));
      else passage.succeeded();
      throw error;
    }
  }

  #sendTraced(request: ControlRequest, passage: Passage): Promise<WixAnswer> {
    const sent: SentRequest = { attempts: 0, status: undefined };
    return this.#traces.call.follow(
      () => ({
        by: 'module',
        method: request.method,
        path: pathTemplate(request.path),
        host: this.#host,
        instanceId: request.instanceId,
      }),
      () => this.#sendInTime(request, passage, sent),
      ({ status, requestId }) => ({ ...sent, ...endOfStatus(status), wixRequestId: requestId }),
      () => sent,
    );
  }

  // The budget begins here: the time a request has waited for its turn is not Wix's.
  #sendInTime(request: ControlRequest, passage: Passage, sent: SentRequest): Promise<WixAnswer> {
    const deadlineMs = this.#clock.nowMs() + this.#settings.requestTimeoutMs;
    return firstValueFrom(
      this.#attempt(request, sent).pipe(
        retry({ delay: (error, attempt) => this.#nextAttempt(request, passage, error, attempt, deadlineMs) }),
        timeout({ first: this.#settings.requestTimeoutMs, with: () => throwError(() => this.#tooSlow()) }),
      ),
    );
  }

  #tooSlow(): WixUnavailableError {
    return new WixUnavailableError(`Wix did not answer within ${String(this.#settings.requestTimeoutMs)} ms.`, {
      isOutage: true,
    });
  }

  #attempt(request: ControlRequest, sent: SentRequest): Observable<WixAnswer> {
    const send = (): Observable<AxiosResponse<string>> => {
      sent.attempts += 1;
      sent.status = undefined;
      return this.#http.request<string>(this.#requestOf(request));
    };
    return defer(send).pipe(
      catchError((error: unknown) => throwError(() => networkFailure(error))),
      tap(({ status }) => (sent.status = status)),
      map((response) => this.#usableAnswer(request, response)),
    );
  }

  #requestOf(request: ControlRequest): AxiosRequestConfig<object> {
    return {
      method: request.method,
      url: `${this.#settings.apiUrl}${request.path}`,
      ...(request.body && { data: request.body }),
      headers: request.token === undefined ? {} : { authorization: request.token },
      ...this.#agents.of(request.lane),
      // The budget counts elsewhere.
      timeout: 0,
      allowAbsoluteUrls: true,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
      // A 307 would post the secret again, to wherever it points.
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER_BYTES,
      proxy: false,
    };
  }

  #usableAnswer(request: ControlRequest, response: AxiosResponse<string>): WixAnswer {
    const answer = readAnswer(response.status, response.data, response.headers['x-wix-request-id']);
    if (isSuccess(answer.status) || isRefusal(answer.status)) return answer;
    const waitMs = retryAfterMs(response.headers['retry-after'], this.#clock.nowMs());
    if (answer.status === THROTTLED) this.#gate.noteThrottled(request, waitMs);
    throw new WixUnavailableError(`Wix cannot be asked right now (${describeAnswer(answer)}).`, {
      requestId: answer.requestId,
      retryAfterMs: waitMs,
      isOutage: answer.status === THROTTLED || answer.status >= 500,
    });
  }

  #nextAttempt(
    request: ControlRequest,
    passage: Passage,
    error: unknown,
    attempt: number,
    deadlineMs: number,
  ): Observable<unknown> {
    const asked = error instanceof WixUnavailableError ? error.retryAfterMs : undefined;
    const waitMs = backoffMs(attempt, asked);
    const inTime = this.#clock.nowMs() + waitMs < deadlineMs;
    const isRetryable = error instanceof WixUnavailableError && request.repeatable && !passage.isProbe;
    return isRetryable && attempt <= MAX_RETRIES && inTime && !passage.isClosed()
      ? timer(waitMs)
      : throwError(() => error);
  }
}

const nameOf = ({ method, path }: ControlRequest): string => `${method} ${path.replace(/\?.*$/s, '')}`;

const THROTTLED = 429;

const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== THROTTLED && status !== 408;

const isUnreadable = ({ isReadable = isJson }: ControlRequest, answer: WixAnswer): boolean =>
  isSuccess(answer.status) && !isReadable(answer);

const isJson = ({ body }: WixAnswer): boolean => body !== undefined;

const unreadable = ({ status, requestId }: WixAnswer): CircuitFailure => ({
  reason: `The answer could not be read (HTTP ${String(status)}).`,
  requestId,
  retryAfterMs: undefined,
});

const failureOf = ({ message, requestId, retryAfterMs: waitMs }: WixUnavailableError): CircuitFailure => ({
  reason: message,
  requestId,
  retryAfterMs: waitMs,
});

// An AxiosError prints the request's headers and body, secret and token included, so only its code goes on.
function networkFailure(error: unknown): WixAuthError {
  if (error instanceof WixAuthError) return error;
  const code = isJsonObject(error) ? upstreamText(textOf(error, 'code') ?? 'no code') : 'no code';
  return new WixUnavailableError(`Wix cannot be reached (${code}).`, { cause: new Error(code), isOutage: true });
}
