import { jest } from '@jest/globals';
import type { Scheduler } from 'fast-check';

import type { StoreLease } from '../../src/store/token-store.js';
import { LeasingTokenStore } from './leasing-token-store.js';

const STEP_MS = 50;
const MAX_STEPS = 10_000;

/**
 * Lets work come to its end, whatever order the scheduler chooses for what it waits for. Fake time passes when nothing
 * else is left to happen.
 */
export async function settledIn<Value>(scheduler: Scheduler, work: Promise<Value>): Promise<Value> {
  const state = { isOver: false };
  const end = (): boolean => (state.isOver = true);
  work.then(end, end);
  for (let step = 0; !state.isOver; step += 1) {
    if (step > MAX_STEPS) throw new Error('It does not come to an end.');
    if (scheduler.count() > 0) await scheduler.waitNext(1);
    else await jest.advanceTimersByTimeAsync(STEP_MS);
  }
  return work;
}

/** A shared store of which the scheduler decides when each trip is made. */
export class ScheduledTokenStore extends LeasingTokenStore {
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    super();
    this.#scheduler = scheduler;
  }

  override async get(key: string): Promise<string | undefined> {
    await this.#turn('get');
    return super.get(key);
  }

  override async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#turn('set');
    await super.set(key, value, ttlMs);
  }

  override async delete(key: string): Promise<void> {
    await this.#turn('delete');
    await super.delete(key);
  }

  override async lease(...wanted: [key: string, ttlMs: number, takeOver?: boolean]): Promise<StoreLease | undefined> {
    await this.#turn('lease');
    return super.lease(...wanted);
  }

  #turn(what: string): Promise<void> {
    return this.#scheduler.schedule(Promise.resolve(), what);
  }
}
