/** What a replica is told when it starts. */
export interface ReplicaSetup {
  readonly apiUrl: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly redis: string;
  readonly requestTimeoutMs: number;
  /** The time it is to go by, until it is told another; without it the real one. */
  readonly nowMs?: number;
}

/** What a replica can be asked to do. */
export type ReplicaOrder =
  | { readonly do: 'take'; readonly instanceIds: readonly string[]; readonly callers: number }
  | { readonly do: 'invalidate' | 'forget' | 'grants'; readonly instanceId: string }
  | { readonly do: 'refuse'; readonly instanceId: string; readonly beforeMs: number }
  | { readonly do: 'verify' | 'kept'; readonly credential: string }
  | { readonly do: 'tick'; readonly nowMs: number; readonly instanceId: string; readonly credential: string }
  | { readonly do: 'tell time'; readonly nowMs: number }
  | { readonly do: 'close' };

/** What it says when that is done. */
export interface ReplicaReply {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: string;
}
