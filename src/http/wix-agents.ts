import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import type { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { WixMisconfiguredError, WixUnavailableError } from '../core/wix-auth.errors.js';
import { WorkInProgress } from '../core/concurrency/work-in-progress.js';

/** Keep-alive connections of one kind of traffic, for axios. */
export interface WixAgentPair {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpAgent;
}

/** The application's agents, in place of ours. */
export type OwnAgents = { readonly [Name in keyof WixAgentPair]?: WixAgentPair[Name] | undefined };

/**
 * How many requests of each kind of traffic may be under way at once, each over a connection of its own. The kinds that
 * an unauthenticated caller can cause are apart from all others, so that they cannot hold them up.
 */
const SLOTS = {
  /** Access tokens never seen before: anyone can invent one. */
  introspection: 32,
  /** Access tokens that were good before. */
  reverification: 16,
  /** Callbacks of installations: anyone can call those. */
  install: 4,
  /** Tokens, grants and everything else for callers who are known. */
  control: 16,
  /** Calls of Wix's APIs by the application. */
  calls: 256,
} as const;

/** The kinds of traffic that must not queue behind each other. */
export type WixLane = keyof typeof SLOTS;

/** How many requests of one kind may be under way at once. */
export const laneSlots = (lane: WixLane): number => SLOTS[lane];

const agentPair = (maxSockets: number): WixAgentPair => ({
  httpAgent: new HttpAgent({ keepAlive: true, maxSockets }),
  httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets }),
});

/** Connections to Wix, bounded per kind of traffic: a flood of unknown tokens cannot hold up minting or calls. */
export class WixAgents {
  readonly #pairs = {
    introspection: agentPair(SLOTS.introspection),
    reverification: agentPair(SLOTS.reverification),
    install: agentPair(SLOTS.install),
    control: agentPair(SLOTS.control),
    calls: agentPair(SLOTS.calls),
  } satisfies Record<WixLane, WixAgentPair>;

  readonly #inUse = new WorkInProgress();
  readonly #own: OwnAgents;
  readonly #mayReachWix: boolean;
  #isStopping = false;
  #isClosed = false;

  /**
   * @param shutdown closes them, when what uses them has ended or has had its time.
   * @param own agents to use instead. They are never closed here: others may use them too.
   * @param mayReachWix `false` in a test that did not say where Wix is: then nothing is sent.
   */
  constructor(shutdown?: GracefulShutdown, own: OwnAgents = {}, mayReachWix = true) {
    this.#own = own;
    this.#mayReachWix = mayReachWix;
    shutdown?.add({
      stop: () => void (this.#isStopping = true),
      idle: () => this.#inUse.idle(),
      abort: () => this.#cutOff(),
      close: () => this.close(),
    });
  }

  /** Whether the application has begun to stop: then no background request is to be sent. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** The connections of one kind of traffic. */
  of(lane: WixLane): WixAgentPair {
    const { httpAgent, httpsAgent } = this.#pairs[lane];
    return { httpAgent: this.#own.httpAgent ?? httpAgent, httpsAgent: this.#own.httpsAgent ?? httpsAgent };
  }

  /**
   * Runs what sends requests over these connections, so that they are closed after it has ended.
   *
   * @param name in words for the log.
   * @throws {@link WixUnavailableError} when the application has stopped.
   * @throws {@link WixMisconfiguredError} when it would reach Wix itself from a test.
   */
  async use<Value>(name: () => string, work: () => Promise<Value>): Promise<Value> {
    if (this.#isClosed) throw stopping();
    if (!this.#mayReachWix) throw askedByTest(name());
    return this.#inUse.run(name, work);
  }

  /** Closes all connections, also those in use. */
  close(): void {
    this.#isClosed = true;
    for (const { httpAgent, httpsAgent } of Object.values(this.#pairs)) {
      httpAgent.destroy();
      httpsAgent.destroy();
    }
  }

  #cutOff(): readonly string[] {
    const names = this.#inUse.cutOff(stopping);
    this.close();
    return names;
  }
}

const stopping = (): WixUnavailableError =>
  new WixUnavailableError('The application is stopping: no more requests are sent to Wix.');

const askedByTest = (request: string): WixMisconfiguredError =>
  new WixMisconfiguredError(
    `${request} was not sent: a test would have asked Wix itself. Let an emulator answer (useWixEmulator(), ` +
      'WixAuthTestingModule), or a fake caller (fakeWixCaller()), all of nestjs-wix-auth/testing. A test that is meant to ' +
      'reach Wix gives apiUrl.',
  );
