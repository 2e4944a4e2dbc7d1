import { performance } from 'node:perf_hooks';

import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { StoreBudget, StoreCircuit } from '../../../src/store/store-circuit.js';
import { loggedEvents } from '../../support/logged-events.js';
import { deferred } from '../../support/deferred.js';

const FAILURES = 3;
const LONG_MS = 60_000;

// A store may be anything, and reject with anything.
const rejectedWith = async (failure: unknown): Promise<never> => {
  await Promise.resolve();
  throw failure;
};

describe('StoreCircuit', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const log = jest.spyOn(Logger.prototype, 'log').mockReturnValue();
  let circuit: StoreCircuit;
  let tried: number;

  // Fake time passes in no time: how busy the process is meanwhile is up to the test.
  const busyFor = (utilization: number): void => {
    jest
      .spyOn(performance, 'eventLoopUtilization')
      .mockReturnValue({ utilization, idle: 1 - utilization, active: utilization });
  };
  const works = (): Promise<string> => {
    tried += 1;
    return Promise.resolve('works');
  };
  const fails = (): Promise<never> => {
    tried += 1;
    return Promise.reject(new Error('redis://:password@host is away'));
  };
  const read = (work: () => Promise<string> = works): Promise<string> => circuit.read(work, 'otherwise');
  const write = (work: () => Promise<string> = works): Promise<string> => circuit.write(work, 'otherwise');
  const breakBy = async (way: typeof read): Promise<void> => {
    for (let failure = 0; failure < FAILURES; failure += 1) await way(fails);
  };

  beforeEach(() => {
    jest.useFakeTimers();
    jest.clearAllMocks();
    busyFor(0);
    circuit = new StoreCircuit(loggedEvents());
    tried = 0;
  });

  afterEach(() => {
    jest.useRealTimers();
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });

  it('returns what the store returns', async () => {
    expect(await read()).toBe('works');
    expect(await read(fails)).toBe('otherwise');
    expect(await write()).toBe('works');
  });

  it('stops using a store that fails repeatedly, and says so once and without details', async () => {
    await breakBy(read);
    tried = 0;
    expect(await read()).toBe('otherwise');

    expect(tried).toBe(0);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls)).not.toContain('password');
  });

  it('tolerates occasional failures', async () => {
    for (const work of [fails, fails, works, fails, fails, works]) await read(work);

    expect(await read()).toBe('works');
    expect(warn).not.toHaveBeenCalled();
  });

  it('tries again after a while, and reports the end once', async () => {
    await breakBy(read);
    jest.advanceTimersByTime(LONG_MS);
    expect(await read()).toBe('works');
    await read();

    expect(log).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('tries again ten seconds later at most, however long the outage lasts', async () => {
    await breakBy(read);
    for (let round = 0; round < 20; round += 1) {
      tried = 0;
      jest.advanceTimersByTime(10_000);
      await read(fails);
      expect(tried).toBe(1);
    }
  });

  it('says so again every five minutes during the outage, with the number of attempts', async () => {
    await breakBy(read);
    for (let round = 0; round < 4; round += 1) {
      await jest.advanceTimersByTimeAsync(LONG_MS);
      await read(fails);
    }
    expect(warn).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(LONG_MS);

    expect(warn).toHaveBeenLastCalledWith(expect.stringMatching(/failed \(Error\).*\(4 more since the last line/));
    expect(warn).toHaveBeenCalledTimes(2);
    expect(log).not.toHaveBeenCalled();
  });

  it('writes a line for each outage, however short the time between two', async () => {
    for (let outage = 0; outage < 2; outage += 1) {
      await breakBy(read);
      await jest.advanceTimersByTimeAsync(LONG_MS);
      await read();
    }
    expect([warn.mock.calls.length, log.mock.calls.length]).toEqual([2, 2]);
  });

  it.each([
    [Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:6379'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new Error('WRONGPASS invalid username-password pair or user is disabled.'), 'WRONGPASS'],
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), 'OOM'],
    [new Error('ERR wrong', { cause: Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }) }), 'ERR'],
    [new Error('failed', { cause: Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }) }), 'CERT_HAS_EXPIRED'],
    [new Error('SECRET sesame-open'), 'Error'],
    ['sesame-open', 'unknown error'],
  ])('says why, and never with the words of %s', async (failure, reason) => {
    await breakBy(() => read(() => rejectedWith(failure)));

    expect(warn.mock.calls).toEqual([[`The token store failed (${reason}); going on without it.`]]);
  });

  it('waits longer while the process itself is busy', async () => {
    busyFor(1);
    let isOver = false;
    void circuit
      .read(() => new Promise<string>(() => undefined), 'otherwise')
      .then(() => {
        isOver = true;
      });
    await jest.advanceTimersByTimeAsync(499);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
  });

  it('treats slow as failing, and limits one operation to half a second in all', async () => {
    const budget = new StoreBudget();
    const never = (): Promise<string> => new Promise(() => undefined);
    const reads = (async () => {
      const values: string[] = [];
      for (let trip = 0; trip < 3; trip += 1) values.push(await circuit.read(never, 'otherwise', budget));
      return values;
    })();
    let isOver = false;
    void reads.then(() => {
      isOver = true;
    });
    await jest.advanceTimersByTimeAsync(499);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);

    expect(await reads).toEqual(['otherwise', 'otherwise', 'otherwise']);
  });

  it('lets no caller wait for the new attempt', async () => {
    await breakBy(read);
    jest.advanceTimersByTime(LONG_MS);
    const { promise, resolve } = deferred<string>();
    const trying = read(() => promise);
    expect(await read()).toBe('otherwise');
    resolve('works again');

    expect(await trying).toBe('works again');
    expect(await read()).toBe('works');
  });

  it('continues to read where writing fails', async () => {
    await breakBy(write);

    expect(await read()).toBe('works');
    expect(await write()).toBe('otherwise');
  });

  it('reports one outage when reading and writing fail, until both work', async () => {
    await breakBy(read);
    await breakBy(write);
    jest.advanceTimersByTime(LONG_MS);
    await read();
    expect(log).not.toHaveBeenCalled();
    await write();

    expect(warn).toHaveBeenCalledTimes(1);
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('does not treat erasing as writing: a full store can erase', async () => {
    await breakBy(write);
    jest.advanceTimersByTime(LONG_MS);
    await circuit.erase(works);

    expect(log).not.toHaveBeenCalled();
    expect(await circuit.erase(fails)).toBeUndefined();
  });

  it('always tries what a lease holder publishes', async () => {
    await breakBy(write);
    tried = 0;
    await circuit.insist(works);
    await circuit.insist(fails);

    expect(tried).toBe(2);
  });

  it('always writes what others depend on, once, and detects the end of the outage from it', async () => {
    await breakBy(write);
    tried = 0;
    await circuit.writeAnyway(works);
    expect([tried, log.mock.calls.length]).toEqual([1, 0]);
    jest.advanceTimersByTime(LONG_MS);
    await circuit.writeAnyway(works);

    expect(tried).toBe(2);
    expect(log).toHaveBeenCalledTimes(1);
  });
});
