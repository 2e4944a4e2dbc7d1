import { CanceledError, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import {
  catchError,
  defer,
  firstValueFrom,
  from,
  mergeMap,
  of,
  retry,
  takeUntil,
  tap,
  throwError,
  throwIfEmpty,
  timeout,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';

import type { WixClock } from '../core/clock.js';
import { WixUnavailableError } from '../core/wix-auth.errors.js';
import type { InstanceLimiter } from '../http/instance-limiter.js';
import { retryAfterMs } from '../http/retry-after.js';
import type { WixDestination } from '../http/wix-destination.js';
import type { Caller, CallTokens } from '../tokens/call-tokens.js';
import type { WixAccessToken } from '../tokens/wix-access-token.js';
import { abortable } from './abortable.js';
import type { CallAbortion } from './call-abortion.js';
import type { CallWire } from './call-wire.js';
import { cancellationOf } from './cancellation.js';
import { LostAttempt, RefusedAttempt } from './failed-attempt.js';
import { redirectTarget } from './redirect.js';
import { refusalOf } from './refusal.js';
import { discard } from './response-body.js';
import { isReplayable, waitBeforeRetry, type Setback } from './retry-policy.js';
import { refuseWhatIsOurs } from './wix-request-config.js';

type Config = InternalAxiosRequestConfig<unknown>;
type Answer = AxiosResponse<unknown>;

/** What calls are sent with. */
export interface CallParts {
  readonly tokens: CallTokens;
  readonly wire: CallWire;
  readonly destination: WixDestination;
  readonly limiter: InstanceLimiter;
  readonly clock: WixClock;
}

interface PendingCall {
  readonly caller: Caller;
  readonly config: Config;
  readonly url: string;
  readonly deadlineMs: number;
  /** The token that replaced a refused one. */
  replacement: WixAccessToken | undefined;
}

/** Carries out calls: with a token, within the quota and a time budget, and again where that helps and does no harm. */
export class CallSender {
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** How axios sends requests in somebody's name. It runs after all interceptors, so what it checks is final. */
  adapterFor(caller: Caller, abortion?: CallAbortion): AxiosAdapter {
    return async (config) => firstValueFrom(this.#send(caller, config, abortion));
  }

  #send(caller: Caller, config: Config, abortion: CallAbortion | undefined): Observable<Answer> {
    refuseWhatIsOurs(config);
    const url = this.#parts.destination.resolve(config.url ?? '', config.baseURL);
    const budgetMs = budgetOf(config);
    const deadlineMs = this.#parts.clock.nowMs() + budgetMs;
    const call: PendingCall = { caller, config, url, deadlineMs, replacement: undefined };
    return defer(() => this.#attempt(call)).pipe(
      retry({ delay: (failure: unknown, attempt) => this.#again(call, failure, attempt) }),
      catchError((failure: unknown) => this.#settle(call, failure)),
      within(budgetMs),
      takeUntil(cancellationOf(config, abortion)),
      throwIfEmpty(() => new CanceledError()),
    );
  }

  #attempt(call: PendingCall): Observable<Answer> {
    return from(this.#admitted(call)).pipe(
      mergeMap((token) => this.#exchange(call, token, { url: call.url, hops: 0 })),
    );
  }

  async #admitted({ caller, deadlineMs, replacement }: PendingCall): Promise<WixAccessToken> {
    await this.#parts.limiter.admit(caller.instanceId, deadlineMs - this.#parts.clock.nowMs());
    return replacement ?? caller.token();
  }

  #exchange(call: PendingCall, token: WixAccessToken, to: { url: string; hops: number }): Observable<Answer> {
    // A redirect names its whole URL, query included.
    const config = to.hops === 0 ? call.config : { ...call.config, params: undefined };
    return abortable((abortion) => this.#parts.wire.send({ config, url: to.url, token, abortion })).pipe(
      catchError((error: unknown) => throwError(() => lostOr(error))),
      mergeMap((response) => {
        const target = redirectTarget(response, to, this.#parts.destination);
        if (target === undefined) return isSuccess(response) ? of(response) : refused(token, response);
        discard(response.data);
        return this.#exchange(call, token, { url: target, hops: to.hops + 1 });
      }),
    );
  }

  #again(call: PendingCall, failure: unknown, attempt: number): Observable<unknown> {
    if (failure instanceof RefusedAttempt && failure.isForItsToken) {
      return from(this.#renewToken(call, failure.token)).pipe(
        tap({ error: () => discard(failure.response.data) }),
        mergeMap((isWorthIt) => (isWorthIt ? resumed(failure) : throwError(() => failure))),
      );
    }
    const waitMs = this.#waitMs(call, failure, attempt);
    return waitMs === undefined ? throwError(() => failure) : resumed(failure, waitMs);
  }

  async #renewToken(call: PendingCall, refusedToken: WixAccessToken): Promise<boolean> {
    const { tokens } = this.#parts;
    if (call.replacement !== undefined) {
      tokens.acquit(call.replacement);
      return false;
    }
    call.replacement = await tokens.replace(refusedToken, call.caller);
    if (call.replacement === undefined || isReplayable(call.config.data)) return call.replacement !== undefined;
    // Nobody will know whether Wix takes the new one: without this, every such call would cost a new token.
    tokens.acquit(call.replacement);
    return false;
  }

  #waitMs({ config, deadlineMs }: PendingCall, failure: unknown, attempt: number): number | undefined {
    const nowMs = this.#parts.clock.nowMs();
    const setback = setbackOf(failure, nowMs);
    const waitMs = setback === undefined ? undefined : waitBeforeRetry(config, setback, attempt);
    return waitMs !== undefined && nowMs + waitMs < deadlineMs ? waitMs : undefined;
  }

  #settle({ url }: PendingCall, failure: unknown): Observable<Answer> {
    if (failure instanceof LostAttempt) return throwError(() => failure.error);
    if (!(failure instanceof RefusedAttempt)) return throwError(() => failure);
    if (isAccepted(failure.response)) return of(failure.response);
    return from(refusalOf(failure.response, url, this.#parts.clock.nowMs())).pipe(
      mergeMap((error) => throwError(() => error)),
    );
  }
}

const isAccepted = ({ status, config: { validateStatus } }: Answer): boolean => validateStatus?.(status) ?? true;

// What a call accepts beyond success is looked at last: it shall not keep an expired token from being replaced.
const isSuccess = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300 && isAccepted(answer);

const refused = (token: WixAccessToken, response: Answer): Observable<never> =>
  throwError(() => new RefusedAttempt(token, response));

const lostOr = (error: unknown): unknown => (error instanceof WixUnavailableError ? new LostAttempt(error) : error);

function setbackOf(failure: unknown, nowMs: number): Setback | undefined {
  if (failure instanceof LostAttempt) return { status: undefined, retryAfterMs: undefined };
  if (!(failure instanceof RefusedAttempt)) return undefined;
  const { status, headers } = failure.response;
  return { status, retryAfterMs: retryAfterMs(headers['retry-after'], nowMs) };
}

function resumed(failure: unknown, waitMs = 0): Observable<unknown> {
  if (failure instanceof RefusedAttempt) discard(failure.response.data);
  return waitMs === 0 ? of(true) : timer(waitMs);
}

const within = (budgetMs: number): MonoTypeOperatorFunction<Answer> =>
  timeout({
    first: budgetMs,
    with: () => throwError(() => new WixUnavailableError(`Wix did not answer within ${String(budgetMs)} ms.`)),
  });

// To axios, 0 means without limit. Timers overflow beyond this one.
const LONGEST_MS = 2 ** 31 - 1;

const budgetOf = ({ timeout: askedMs = 0 }: Config): number =>
  askedMs > 0 ? Math.min(askedMs, LONGEST_MS) : LONGEST_MS;
