/** What a worker is told when it starts. */
export interface WorkerSetup {
  readonly apiUrl: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly publicKey: string;
  readonly redis: string;
  /** Whether it deals with events, or only receives them. */
  readonly work: boolean;
  readonly concurrency?: number;
  readonly attempts?: number;
  readonly shutdownTimeoutMs?: number;
  /** Whether handlers wait for an order before they finish. */
  readonly waits?: boolean;
  /** Handlers take up to so many milliseconds before they write, and up to so many before they return. */
  readonly slowMs?: number;
  /** Whether a second handler deals with every event. */
  readonly audits?: boolean;
  /** Where handlers write down what they have finished. */
  readonly finishedPath: string;
}

/** What a worker can be told. */
export type WorkerOrder =
  | 'finish'
  /** Lets handlers of these events fail, until told otherwise. */
  | { readonly fail: readonly string[] }
  | { readonly ask: 'dead' }
  | { readonly ask: 'replay'; readonly id: string };

/** What a worker says: where it listens, that a handler began, and what it was asked. */
export type WorkerReport = { readonly url: string } | { readonly began: string } | { readonly answer: unknown };
