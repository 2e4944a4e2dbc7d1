import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

import type { WixClock } from '../../core/clock.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { InstanceLimiter } from '../../http/limits/instance-limiter.js';
import type { WixAgents } from '../../http/wix-agents.js';
import { retryAfterMs } from '../../http/limits/retry-after.js';
import { pathTemplate } from '../../http/path-template.js';
import { requestIdText } from '../../core/values/upstream-text.js';
import { endOfStatus, type TraceBegun, type TraceFacts } from '../../diagnostics/trace-channel.js';
import { Traces } from '../../diagnostics/traces.js';
import { WixApiError } from '../answers/wix-api.error.js';
import type { WixDestination } from '../../http/wix-destination.js';
import type { Caller, CallTokens } from '../../tokens/call-tokens.js';
import type { WixAccessToken } from '../../tokens/wix-access-token.js';
import type { CallAbortion } from './call-abortion.js';
import type { CallWire, WireRequest } from './call-wire.js';
import { LostAttempt, RefusedAttempt, type FailedAttempt } from './failed-attempt.js';
import { redirectTarget } from '../answers/redirect.js';
import { apiErrorOf } from '../answers/api-error-of.js';
import { discard } from '../answers/response-body.js';
import { isReplayable, waitBeforeRetry, type Setback } from './retry-policy.js';
import { withDeadline } from './with-deadline.js';
import { refuseWhatIsOurs } from './wix-request-config.js';

type Config = InternalAxiosRequestConfig<unknown>;
type Answer = AxiosResponse<unknown>;

/** What calls are sent with. */
export interface CallParts {
  readonly tokens: CallTokens;
  readonly wire: CallWire;
  readonly agents: Pick<WixAgents, 'use'>;
  readonly destination: WixDestination;
  readonly limiter: InstanceLimiter;
  readonly clock: WixClock;
  /** @default nothing listens */
  readonly traces?: Traces;
}

type CallingParty = 'application' | 'sdk';

interface PendingCall {
  readonly caller: Caller;
  readonly config: Config;
  readonly url: string;
  readonly deadlineMs: number;
  /** Tells that the answer is not wanted any more. */
  readonly abortion: CallAbortion;
  /** The token that replaced a refused one. */
  replacement: WixAccessToken | undefined;
  /** How often it was sent. */
  attempts: number;
  /** The status of the last answer. */
  status: number | undefined;
}

/** Carries out calls: with a token, within the quota and a time budget, and again where that helps and does no harm. */
export class CallSender {
  readonly #parts: CallParts;
  readonly #traces: Traces;
  readonly #by: CallingParty;

  /** @param by what sends them, for traces. */
  constructor(parts: CallParts, by: CallingParty = 'application') {
    this.#parts = parts;
    this.#by = by;
    this.#traces = parts.traces ?? new Traces();
  }

  /** How axios sends requests on behalf of a caller. It runs after all interceptors, so what it checks is final. */
  adapterFor(caller: Caller, cancelled?: CallAbortion): AxiosAdapter {
    return (config) => this.#send(caller, config, cancelled);
  }

  async #send(caller: Caller, config: Config, cancelled: CallAbortion | undefined): Promise<Answer> {
    refuseWhatIsOurs(config);
    const url = this.#parts.destination.resolve(config.url ?? '', config.baseURL);
    const budgetMs = budgetOf(config);
    const deadlineMs = this.#parts.clock.nowMs() + budgetMs;
    const carryOut = (abortion: CallAbortion): Promise<Answer> =>
      this.#carryOutTraced({
        caller,
        config,
        url,
        deadlineMs,
        abortion,
        replacement: undefined,
        attempts: 0,
        status: undefined,
      });
    return this.#parts.agents.use(
      () => nameOf(config, url),
      () => withDeadline({ config, cancelled, budgetMs }, carryOut),
    );
  }

  #carryOutTraced(call: PendingCall): Promise<Answer> {
    return this.#traces.call.follow(
      () => begunOf(call, this.#by),
      () => this.#carryOut(call),
      ({ status, headers }) => ({
        ...sentOf(call),
        ...endOfStatus(status),
        wixRequestId: requestIdText(headers['x-wix-request-id']),
      }),
      (error) => ({ ...sentOf(call), ...(error instanceof WixApiError && endOfApiError(error)) }),
    );
  }

  async #carryOut(call: PendingCall): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(call);
      if (!isFailed(outcome)) return outcome;
      const again = !call.abortion.aborted && (await this.#again(call, outcome, attempt));
      if (!again) return this.#settle(call, outcome);
    }
  }

  async #attempt(call: PendingCall): Promise<Answer | FailedAttempt> {
    const { caller, deadlineMs } = call;
    await this.#parts.limiter.admit(caller.instanceId, deadlineMs - this.#parts.clock.nowMs());
    const token = call.replacement ?? (await caller.token());
    return this.#exchange(call, token, { url: call.url, hops: 0 });
  }

  async #exchange(
    call: PendingCall,
    token: WixAccessToken,
    to: { url: string; hops: number },
  ): Promise<Answer | FailedAttempt> {
    // A redirect names its whole URL, query included.
    const config = to.hops === 0 ? call.config : { ...call.config, params: undefined };
    call.attempts += 1;
    call.status = undefined;
    const response = await this.#onWire({ config, url: to.url, token, abortion: call.abortion });
    if (response instanceof LostAttempt) return response;
    call.status = response.status;
    const target = redirectTarget(response, to, this.#parts.destination);
    if (target === undefined) return isSuccess(response) ? response : new RefusedAttempt(token, response);
    discard(response.data);
    return this.#exchange(call, token, { url: target, hops: to.hops + 1 });
  }

  async #onWire(request: WireRequest): Promise<Answer | LostAttempt> {
    try {
      return await this.#parts.wire.send(request);
    } catch (error) {
      if (error instanceof WixUnavailableError) return new LostAttempt(error);
      throw error;
    }
  }

  // Whether to send the call again, as soon as that may help. Then the answer is not read.
  async #again(call: PendingCall, failure: FailedAttempt, attempt: number): Promise<boolean> {
    if (failure instanceof RefusedAttempt && failure.isForItsToken) return this.#renewedToken(call, failure);
    const waitMs = this.#waitMs(call, failure, attempt);
    if (waitMs === undefined) return false;
    if (failure instanceof RefusedAttempt) discard(failure.response.data);
    return hasElapsed(waitMs, call.abortion);
  }

  async #renewedToken(call: PendingCall, { token, response }: RefusedAttempt): Promise<boolean> {
    try {
      const isRenewed = await this.#renewToken(call, token);
      if (isRenewed) discard(response.data);
      return isRenewed;
    } catch (error) {
      discard(response.data);
      throw error;
    }
  }

  async #renewToken(call: PendingCall, refusedToken: WixAccessToken): Promise<boolean> {
    const { tokens } = this.#parts;
    if (call.replacement !== undefined) {
      tokens.suppressInvalidation(call.replacement);
      return false;
    }
    call.replacement = await tokens.replace(refusedToken, call.caller);
    if (call.replacement === undefined || isReplayable(call.config.data)) return call.replacement !== undefined;
    // It will not be known whether Wix accepts the new one: without this, every such call would cost a new token.
    tokens.suppressInvalidation(call.replacement);
    return false;
  }

  #waitMs({ config, deadlineMs }: PendingCall, failure: FailedAttempt, attempt: number): number | undefined {
    const nowMs = this.#parts.clock.nowMs();
    const waitMs = waitBeforeRetry(config, setbackOf(failure, nowMs), attempt);
    return waitMs !== undefined && nowMs + waitMs < deadlineMs ? waitMs : undefined;
  }

  async #settle({ url }: PendingCall, failure: FailedAttempt): Promise<Answer> {
    if (failure instanceof LostAttempt) throw failure.error;
    if (isAccepted(failure.response)) return failure.response;
    throw await apiErrorOf(failure.response, url, this.#parts.clock.nowMs());
  }
}

const begunOf = (
  { config: { method = 'get' }, url, caller: { instanceId } }: PendingCall,
  by: CallingParty,
): TraceBegun<'call'> => {
  const { pathname, host } = new URL(url);
  return { by, method: method.toUpperCase(), path: pathTemplate(pathname), host, instanceId };
};

const sentOf = ({ attempts, status }: PendingCall): TraceFacts<'call'> => ({ attempts, status });

const endOfApiError = ({ status, requestId: wixRequestId }: WixApiError): TraceFacts<'call'> => ({
  ...endOfStatus(status),
  wixRequestId,
});

const nameOf = ({ method = 'get' }: Config, url: string): string => `${method.toUpperCase()} ${new URL(url).pathname}`;

const isFailed = (outcome: Answer | FailedAttempt): outcome is FailedAttempt =>
  outcome instanceof RefusedAttempt || outcome instanceof LostAttempt;

const isAccepted = ({ status, config: { validateStatus } }: Answer): boolean => validateStatus?.(status) ?? true;

// What a call accepts beyond success is looked at last: it shall not keep an expired token from being replaced.
const isSuccess = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300 && isAccepted(answer);

function setbackOf(failure: FailedAttempt, nowMs: number): Setback {
  if (failure instanceof LostAttempt) return { status: undefined, retryAfterMs: undefined };
  const { status, headers } = failure.response;
  return { status, retryAfterMs: retryAfterMs(headers['retry-after'], nowMs) };
}

// `false`: the answer is not wanted any more.
const hasElapsed = (ms: number, abortion: CallAbortion): Promise<boolean> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      abortion.removeEventListener('abort', end);
      resolve(!abortion.aborted);
    };
    const timer = setTimeout(end, ms);
    abortion.addEventListener('abort', end);
  });

// To axios, 0 means without limit. Timers overflow beyond this one.
const LONGEST_MS = 2 ** 31 - 1;

const budgetOf = ({ timeout: requestedMs = 0 }: Config): number =>
  requestedMs > 0 ? Math.min(requestedMs, LONGEST_MS) : LONGEST_MS;
