import type { Platform } from '../platform.js';
import type { RecordedRequest } from '../request-log.js';
import type { Answer } from '../wire/answer.js';

/** A request that found its endpoint. */
export interface Call {
  readonly request: RecordedRequest;
  /** The values of the path's `:name` segments. */
  readonly params: Readonly<Record<string, string>>;
  readonly platform: Platform;
}

/** One method and path of the emulated platform. */
export interface Endpoint {
  /** `*` matches every method. */
  readonly method: string;
  /** The path; a segment `:name` matches anything. */
  readonly path: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}
