import { ok } from 'node:assert/strict';

import type { ContractOptions } from './contract-case.js';

/** A lifetime whose end a case waits for, in milliseconds. */
export const SHORT_MS = 50;

/** A lifetime that does not end while a case runs, in milliseconds. */
export const LONG_MS = 60_000;

const STEP_MS = 10;
// For slow machines, and for stores that count whole seconds.
const TIMEOUT_MS = 2_000;

// Taken when the module loads, so that fake timers of a test do not stop a contract.
const realSetTimeout = setTimeout;
const nowMs = performance.now.bind(performance);

/** The time of what is tested, real or fake. Cases do not assume that time has passed: they check its effect. */
export class ContractTime {
  readonly #pass: (ms: number) => void | Promise<void>;

  constructor({ pass }: ContractOptions) {
    this.#pass = pass ?? ((ms) => new Promise<void>((resolve) => realSetTimeout(resolve, ms)));
  }

  /** Lets time pass until a condition holds. Fails when it does not within two seconds. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    // Counted, not measured: a machine that was suspended for two seconds has not checked in between.
    for (let passedMs = 0; !(await holds()); passedMs += STEP_MS) {
      ok(passedMs < TIMEOUT_MS, `${what} within ${TIMEOUT_MS} ms`);
      await this.#pass(STEP_MS);
    }
  }
}

/**
 * Runs steps that must finish within a lifetime, on a machine of unknown speed: repeats them with a longer one when
 * they took too long for a result. Returns the lifetime.
 */
export async function within(lifetimeMs: number, steps: (lifetimeMs: number) => Promise<void>): Promise<number> {
  ok(lifetimeMs < TIMEOUT_MS, 'two operations take less than a second');
  const startMs = nowMs();
  await steps(lifetimeMs);
  return nowMs() - startMs < lifetimeMs ? lifetimeMs : within(2 * lifetimeMs, steps);
}
