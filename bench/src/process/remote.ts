/** What one process offers another. Arguments and results travel as JSON. */
export type Offer = Record<string, (...args: never[]) => unknown>;

/** A call sent to the process that offers it. */
export interface RemoteCall {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** How a call ended. */
export interface RemoteAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: string;
}
