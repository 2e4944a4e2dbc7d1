import type { EmulatedInstall } from './world/emulated-install.js';

const WINDOW_MS = 60_000;

/** Counts the resource calls of each installation in windows of a minute. */
export class Throttle {
  readonly #windows = new WeakMap<EmulatedInstall, { readonly startedAt: number; calls: number }>();

  /** Counts a call. Answers how many milliseconds to wait when it is one too many, else 0. */
  waitBefore(install: EmulatedInstall, callsPerMinute: number, nowMs: number): number {
    const window = this.#windows.get(install);
    if (!window || nowMs >= window.startedAt + WINDOW_MS) {
      this.#windows.set(install, { startedAt: nowMs, calls: 1 });
      return callsPerMinute >= 1 ? 0 : WINDOW_MS;
    }
    window.calls += 1;
    return window.calls > callsPerMinute ? window.startedAt + WINDOW_MS - nowMs : 0;
  }
}
