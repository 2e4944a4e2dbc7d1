import { setTimeout as pause } from 'node:timers/promises';

const BETWEEN_MS = 2;

/** Asks again and again until the answer is yes. Fails when it is still no after so many milliseconds of real time. */
export async function untilTrue(ask: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await ask())) {
    if (performance.now() > endMs) throw new Error(`Still not so after ${String(timeoutMs)} ms.`);
    await pause(BETWEEN_MS);
  }
}
