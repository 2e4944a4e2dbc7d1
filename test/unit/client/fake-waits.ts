import { jest } from '@jest/globals';

// Taken before any test fakes it.
const realSetImmediate = setImmediate;

/** Fakes the timers of waits and time budgets, the date with them, and leaves alone what sockets need. */
export function fakeWaits(): void {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });
}

/** Waits until so many waits and budgets are running. Sockets go on meanwhile. */
export async function timersRunning(count: number): Promise<void> {
  for (let turn = 0; turn < 10_000 && jest.getTimerCount() !== count; turn += 1) {
    await new Promise((resolve) => realSetImmediate(resolve));
  }
  expect(jest.getTimerCount()).toBe(count);
}

/** Lets so much time pass for waits and budgets. */
export const pass = (ms: number): void => {
  jest.advanceTimersByTime(ms);
};

/** Makes full jitter predictable: half of the bound. */
export const halfJitter = (): void => {
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
};
