import type { GenericAbortSignal } from 'axios';

/**
 * Cancels one request. Does for axios what an `AbortController` and its signal do, of which a call would need
 * two: they cost a tenth of it.
 */
export class CallAbortion implements GenericAbortSignal {
  readonly #listeners = new Set<() => void>();
  #isAborted = false;

  /** Whether it was canceled. */
  get aborted(): boolean {
    return this.#isAborted;
  }

  /** Cancels it. */
  abort(): void {
    this.#isAborted = true;
    for (const listener of this.#listeners) listener();
  }

  /** As an `AbortSignal` has it; there is but one type of event. */
  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** As an `AbortSignal` has it. */
  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
