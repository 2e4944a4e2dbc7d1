import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** Kept-alive connections of one kind of traffic, for axios. */
export interface WixAgentPair {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

const MAX_SOCKETS = { introspection: 16, control: 16, install: 4, calls: 256 } as const;

/** The kinds of traffic that must not queue behind each other. */
export type WixLane = keyof typeof MAX_SOCKETS;

const agentPair = (maxSockets: number): WixAgentPair => ({
  httpAgent: new HttpAgent({ keepAlive: true, maxSockets }),
  httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets }),
});

/** Connections to Wix, bounded per kind of traffic: a flood of unknown tokens cannot hold up minting or calls. */
export class WixAgents {
  readonly #pairs = {
    introspection: agentPair(MAX_SOCKETS.introspection),
    control: agentPair(MAX_SOCKETS.control),
    install: agentPair(MAX_SOCKETS.install),
    calls: agentPair(MAX_SOCKETS.calls),
  } satisfies Record<WixLane, WixAgentPair>;

  /** The connections of one kind of traffic. */
  of(lane: WixLane): WixAgentPair {
    return this.#pairs[lane];
  }

  /** Closes all connections. */
  onModuleDestroy(): void {
    for (const { httpAgent, httpsAgent } of Object.values(this.#pairs)) {
      httpAgent.destroy();
      httpsAgent.destroy();
    }
  }
}
