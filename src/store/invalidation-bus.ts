import { COPY, thisCopy } from '../core/marks.js';

/** Whether a message was published since this process began to listen, or before. */
export type PublishedWhen = 'now' | 'earlier';

/**
 * How the processes of an app tell each other what to invalidate. Messages are encrypted before they come here.
 * With Redis behind the option `cache` it is there by itself; provide your own over another message bus.
 */
export abstract class InvalidationBus {
  /** @internal */
  static readonly [COPY] = thisCopy;

  /** Tells all other processes that listen to a channel. One that fails must throw. */
  abstract publish(channel: string, message: string): Promise<void>;

  /**
   * Hears what is published on a channel from now on, from this process as well; and, if it can be had, what was
   * published in the hours before. Whatever comes is delivered at least once and in order. Never throws.
   */
  abstract subscribe(channel: string, listener: (message: string, when: PublishedWhen) => void): void;
}

/** For a single process. */
export class NoInvalidationBus extends InvalidationBus {
  override publish(): Promise<void> {
    return Promise.resolve();
  }

  override subscribe(): void {
    // Nothing is published.
  }
}
