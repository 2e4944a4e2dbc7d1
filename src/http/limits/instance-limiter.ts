import type { RateLimiterQueue } from 'rate-limiter-flexible';

import { BoundedCache } from '../../core/bounded-cache.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { TraceChannel } from '../../diagnostics/trace-channel.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';

const WINDOW_S = 60;
const MAX_WAITING = 1_000;

/**
 * Queues calls instead of exceeding Wix's quota, which counts per app instance and minute.
 * Counts the calls of this process only.
 */
export class InstanceLimiter {
  readonly #requestsPerMinute: number | undefined;
  readonly #channel: TraceChannel<'limiter'> | undefined;
  #queues: Promise<InstanceQueues> | undefined;

  /**
   * @param requestsPerMinute without it no call waits.
   * @param channel where waiting is traced.
   */
  constructor(requestsPerMinute?: number, channel?: TraceChannel<'limiter'>) {
    this.#channel = channel;
    this.#requestsPerMinute = requestsPerMinute;
  }

  /**
   * Waits until a call for this instance may be made.
   *
   * @param withinMs how many milliseconds to wait at most.
   * @throws {@link WixUnavailableError} when too many calls wait already.
   */
  async admit(instanceId: WixInstanceId, withinMs: number): Promise<void> {
    if (this.#requestsPerMinute === undefined) return;
    this.#queues ??= queuesWith(this.#requestsPerMinute);
    const queue = (await this.#queues)(instanceId);
    const wait = (): Promise<void> => admitted(queue, instanceId, withinMs);
    await (this.#channel === undefined ? wait() : this.#channel.follow(() => ({ limiter: 'calls' }), wait));
  }
}

type InstanceQueues = (instanceId: WixInstanceId) => RateLimiterQueue;

// Loaded with the first call that may have to wait: most applications set no limit.
async function queuesWith(requestsPerMinute: number): Promise<InstanceQueues> {
  const { RateLimiterMemory, RateLimiterQueue } = await import('rate-limiter-flexible');
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: WINDOW_S });
  const queues = new BoundedCache<WixInstanceId, RateLimiterQueue>();
  // One queue object per instance, because a queue object never forgets a key it has seen.
  return (instanceId) => {
    const queue = queues.get(instanceId) ?? new RateLimiterQueue(limiter, { maxQueueSize: MAX_WAITING });
    queues.set(instanceId, queue);
    return queue;
  };
}

async function admitted(queue: RateLimiterQueue, instanceId: WixInstanceId, withinMs: number): Promise<void> {
  try {
    await queue.removeTokens(1, instanceId, Math.ceil((Date.now() + withinMs) / 1_000));
  } catch {
    throw new WixUnavailableError(
      `Too many calls wait for the quota of instance ${instanceId} (requestsPerMinute of this module).`,
    );
  }
}
