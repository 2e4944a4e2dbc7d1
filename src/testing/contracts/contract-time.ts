import { ok } from 'node:assert/strict';

import type { ContractOptions } from './contract-case.js';

const STEP_MS = 10;
// For slow machines, and for stores that count whole seconds.
const PATIENCE_MS = 2_000;

// Taken when the module loads, so that fake timers of a test do not stop the contract.
const realSetTimeout = setTimeout;
const nowMs = performance.now.bind(performance);

/** The time of what is tested, real or fake. It is never trusted to have passed: what it ends is watched. */
export class ContractTime {
  readonly #pass: (ms: number) => void | Promise<void>;

  constructor({ pass }: ContractOptions) {
    this.#pass = pass ?? ((ms) => new Promise<void>((resolve) => realSetTimeout(resolve, ms)));
  }

  /** Lets time pass until something holds. Fails when it does not within two seconds. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const endMs = nowMs() + PATIENCE_MS;
    for (let passedMs = 0; !(await holds()); passedMs += STEP_MS) {
      ok(passedMs < PATIENCE_MS && nowMs() < endMs, `${what} within ${PATIENCE_MS} ms`);
      await this.#pass(STEP_MS);
    }
  }
}

/**
 * Runs steps that must take less than a lifetime, on a machine of unknown speed: with a longer one when they took too
 * long to tell.
 */
export async function within<Result>(lifetimeMs: number, steps: (lifetimeMs: number) => Promise<Result>): Promise<Result> {
  const startMs = nowMs();
  const result = await steps(lifetimeMs);
  return nowMs() - startMs < lifetimeMs ? result : within(2 * lifetimeMs, steps);
}
