import { COPY, thisCopy } from '../../core/marks.js';

/**
 * Where the refresh tokens of custom authentication are stored. They cannot be obtained again: a lost one costs the site
 * a new installation.
 *
 * Keys are digests and values are encrypted before they come here. When an operation fails it must throw: not knowing
 * is answered 503, never taken for "there is none". Provide your own to keep them in your database.
 */
export abstract class RefreshTokenStore {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /** Whether the values are lost when the process ends. A warning is then logged at start-up. */
  abstract readonly forgetsOnRestart: boolean;

  /**
   * What may make the store itself lose what it was given last, such as `appendonly no` of a Redis, to be warned about at
   * start-up; `undefined` when nothing does. Best effort.
   *
   * @default not asked
   */
  risk?(): Promise<string | undefined>;

  /** The value stored under a key, or `undefined` when there is none. */
  abstract get(key: string): Promise<string | undefined>;

  /**
   * Replaces a value if it is still the expected one; `undefined` expects none. Atomic, also between processes, and
   * durable once it resolves.
   *
   * @returns whether it was replaced.
   */
  abstract replace(key: string, expected: string | undefined, value: string): Promise<boolean>;
}
