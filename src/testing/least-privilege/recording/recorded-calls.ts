/** A request to an endpoint of Wix. */
export interface WixCall {
  readonly method: string;
  /** The path as it was sent, without the query. */
  readonly path: string;
  /** Whose token it was sent with. */
  readonly as: 'app' | 'user' | 'member' | 'visitor' | 'unknown';
}

/** What calls may belong to. */
export interface CallOrigin {
  readonly calls: WixCall[];
}

/** A request that a server of this process received. */
export interface ReceivedRequest extends CallOrigin {
  readonly method: string;
  readonly path: string;
  /** The handlers that guards admitted it to, as `Class.method`. */
  readonly passed: Set<string>;
  /** The handlers that guards refused it. */
  readonly refused: Set<string>;
}

/** One run of a handler of an event. */
export interface EventRun extends CallOrigin {
  readonly type: string;
  /** As `Class.method`. */
  readonly handler: string;
}
