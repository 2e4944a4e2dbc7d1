import { jest } from '@jest/globals';

import { pause } from '../../../../src/core/concurrency/pause.js';

describe('pause()', () => {
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const holdsProcess = (): boolean => {
    const timer = timers.mock.results.at(-1)?.value as NodeJS.Timeout;
    return timer.hasRef();
  };

  afterAll(() => {
    timers.mockRestore();
  });

  it('ends after the given number of milliseconds', async () => {
    await pause(1);
    expect(timers).toHaveBeenLastCalledWith(expect.anything(), 1);
  });

  it('holds the process open, unless configured otherwise', async () => {
    const pauses = [pause(1)];
    expect(holdsProcess()).toBe(true);
    pauses.push(pause(1, { ref: false }));
    expect(holdsProcess()).toBe(false);
    await Promise.all(pauses);
  });
});
