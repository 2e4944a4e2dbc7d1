/** What a replica is told when it starts. */
export interface ReplicaSetup {
  readonly apiUrl: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly publicKey: string;
  readonly mode: 'certain' | 'background';
  /** Without it everything is stored in memory. */
  readonly redis?: string;
  /** The nodes of a cluster, instead of one server. */
  readonly cluster?: readonly string[];
  readonly shutdownTimeoutMs?: number;
  /** Where handlers write down what they have finished. */
  readonly finishedPath: string;
}

/** What a replica can be told: handlers wait for this before they finish. */
export type ReplicaOrder = 'finish';

/** What a replica says: where it listens, and that a handler began. */
export type ReplicaReport = { readonly url: string } | { readonly began: string };
