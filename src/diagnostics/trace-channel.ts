import { tracingChannel, type TracingChannel } from 'node:diagnostics_channel';

import { failureReason } from '../core/failure-reason.js';
import { WixAuthError, type WixAuthErrorCode } from '../core/wix-auth.errors.js';
import type { WixTraceBase, WixTraceName, WixTraceOutcome, WixTraces } from './trace-messages.js';

/** The name of a channel: the same in every copy of this package. */
export const channelName = (name: WixTraceName): string => `nestjs-wix-auth:${name}`;

/** What is known about work when it begins. */
export type TraceBegun<Name extends WixTraceName> = Omit<WixTraces[Name], keyof WixTraceBase | 'tookMs'>;

/** What is known about it when it ends. */
export type TraceFacts<Name extends WixTraceName> = Partial<TraceBegun<Name>>;

/**
 * One channel, as one registration publishes on it. Costs a look at a field while nothing listens: messages are built
 * afterwards.
 *
 * Does by hand what `tracePromise` of Node does, because that puts what work comes to on the message, tokens among it,
 * and whatever error it throws.
 */
export class TraceChannel<Name extends WixTraceName> {
  readonly #channel: TracingChannel<unknown, WixTraces[Name]>;
  readonly #appId: string;

  constructor(name: Name, appId: string) {
    this.#channel = tracingChannel<unknown, WixTraces[Name]>(channelName(name));
    this.#appId = appId;
  }

  /** Whether anything listens to single events. */
  get hasListeners(): boolean {
    return this.#channel.end.hasSubscribers || this.#channel.start.hasSubscribers;
  }

  /** Publishes a single event. */
  publish(message: TraceBegun<Name>): void {
    const whole = this.#whole('outcome' in message ? { tookMs: 0, ...message } : message);
    this.#channel.start.publish(whole);
    this.#channel.end.publish(whole);
  }

  /** Publishes the start of work whose end is published later; `undefined` while nothing listens. */
  begin(message: () => TraceBegun<Name>): TracedWork<Name> | undefined {
    if (!this.#channel.hasSubscribers) return undefined;
    const whole = this.#whole(message());
    this.#channel.start.publish(whole);
    this.#channel.end.publish(whole);
    return new TracedWork(this.#channel, whole);
  }

  /**
   * Runs work and publishes when it begins and ends, inside the stores that listeners have bound to it.
   *
   * @param facts what to tell of the work's value.
   */
  follow<Value>(
    message: () => TraceBegun<Name>,
    work: () => Promise<Value>,
    facts?: (value: Value) => TraceFacts<Name>,
    factsOfError?: (error: unknown) => TraceFacts<Name>,
  ): Promise<Value> {
    if (!this.#channel.hasSubscribers) return work();
    const whole = this.#whole(message());
    const traced = new TracedWork(this.#channel, whole);
    const result = this.#channel.start.runStores(whole, work);
    this.#channel.end.publish(whole);
    return result.then(
      (value) => {
        traced.succeeded(facts?.(value));
        return value;
      },
      (error: unknown) => {
        traced.failed(error, factsOfError?.(error));
        throw error;
      },
    );
  }

  #whole(message: TraceBegun<Name>): WixTraces[Name] {
    return { ...message, appId: this.#appId } as unknown as WixTraces[Name];
  }
}

/** Work that was begun while something listened. */
export class TracedWork<Name extends WixTraceName> {
  readonly #channel: TracingChannel<unknown, WixTraces[Name]>;
  readonly #message: WixTraces[Name];
  readonly #startedMs = performance.now();

  constructor(channel: TracingChannel<unknown, WixTraces[Name]>, message: WixTraces[Name]) {
    this.#channel = channel;
    this.#message = message;
  }

  /** It succeeded. An outcome among the facts replaces `'success'`. */
  succeeded(facts: object = {}): void {
    this.#end({ outcome: 'success', ...facts });
  }

  /** It threw. The error itself is not published: other libraries' errors hold requests, and those hold credentials. */
  failed(error: unknown, facts: object = {}): void {
    this.#add({ ...endOf(error), ...facts });
    this.#channel.error.publish(this.#message);
    this.#end({});
  }

  #end(facts: object): void {
    this.#add({ ...facts, tookMs: performance.now() - this.#startedMs });
    this.#channel.asyncStart.publish(this.#message);
    this.#channel.asyncEnd.publish(this.#message);
  }

  #add(facts: object): void {
    Object.assign(this.#message, facts);
  }
}

/** How a request ended that Wix answered. */
export const endOfStatus = (status: number): { readonly outcome: WixTraceOutcome; readonly code?: string } => {
  if (status < 400) return { outcome: 'success' };
  return { outcome: status === 429 || status >= 500 ? 'unavailable' : 'refused', code: `HTTP_${String(status)}` };
};

/** How work ended that threw. */
export interface TraceFailure {
  readonly outcome: WixTraceOutcome;
  readonly code: string;
  readonly wixRequestId?: string;
}

/** The outcome that an error stands for, and the reason. */
export function endOf(error: unknown): TraceFailure {
  if (!(error instanceof WixAuthError)) return { outcome: 'failed', code: plainReason(failureReason(error)) };
  const { code } = error;
  const wixRequestId = 'requestId' in error && typeof error.requestId === 'string' ? error.requestId : undefined;
  return { outcome: outcomes[code] ?? 'refused', code, ...(wixRequestId !== undefined && { wixRequestId }) };
}

// The code that makes an error names it.
const plainReason = (reason: string): string => (/^[A-Za-z_ ]{1,60}$/.test(reason) ? reason : 'Error');

const outcomes: Readonly<Partial<Record<WixAuthErrorCode, WixTraceOutcome>>> = {
  WIX_UNAVAILABLE: 'unavailable',
  WIX_APP_REFUSED: 'failed',
  WIX_MISCONFIGURED: 'failed',
  WIX_INSTANCE_NOT_TRUSTED: 'failed',
};
