import { jest } from '@jest/globals';

import { TurnQueue, type Turn, type TurnQueueSettings } from '../../../../src/http/limits/turn-queue.js';
import { codeOf } from '../../../support/code-of.js';
import { deferred, type Deferred } from '../../../support/deferred.js';

const SETTINGS: TurnQueueSettings = { slots: 16, maxWaitMs: 10_000, maxWaiting: 100 };

describe('TurnQueue', () => {
  let queue: TurnQueue;
  let started: string[];
  let underWay: Deferred<undefined>[];
  let outcomes: Promise<unknown>[];

  beforeEach(() => {
    jest.useFakeTimers();
    queue = new TurnQueue(SETTINGS);
    started = [];
    underWay = [];
    outcomes = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const request = (key: string, rank: Turn['rank'] = 0): Promise<unknown> => {
    const outcome = codeOf(() =>
      queue.run({ key, rank }, () => {
        started.push(key);
        const end = deferred<undefined>();
        underWay.push(end);
        return end.promise;
      }),
    );
    outcomes.push(outcome);
    return outcome;
  };
  const many = (count: number, key: string, rank: Turn['rank'] = 0): void => {
    for (let index = 0; index < count; index += 1) void request(key, rank);
  };
  /** Ends the oldest work under way. */
  const endOne = async (): Promise<void> => {
    underWay.shift()?.resolve(undefined);
    await jest.advanceTimersByTimeAsync(0);
  };
  const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);
  const endAll = async (): Promise<void> => {
    while (underWay.length > 0) await endOne();
  };
  const count = (key: string): number => started.filter((one) => one === key).length;

  it('runs as many at once as there are slots, and the others in turn', async () => {
    many(40, 'one');
    expect(started).toHaveLength(16);

    await endOne();
    expect(started).toHaveLength(17);
    await endAll();
    expect(started).toHaveLength(40);
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['none']));
  });

  it('frees the slot of work that failed', async () => {
    const fail = (): Promise<unknown> =>
      codeOf(() => queue.run({ key: 'one', rank: 0 }, () => Promise.reject(new Error('down'))));
    for (let index = 0; index < 100; index += 1) await fail();

    expect(queue.hasRoom(0)).toBe(true);
  });

  it('lets keys take turns, so that many requests for one hold up no other', async () => {
    many(90, 'flooded');
    void request('other');
    void request('third');
    await endOne();
    await endOne();
    await endOne();

    expect(started.slice(16)).toEqual(['flooded', 'other', 'third']);
  });

  it('runs higher priorities first, and reserves slots for them', async () => {
    many(50, 'unknown', 2);
    expect(started).toHaveLength(12);
    many(3, 'suspect', 1);
    await settle();
    expect(count('suspect')).toBe(2);
    many(3, 'known', 0);
    await settle();
    expect(count('known')).toBe(2);

    await endOne();
    expect(count('known')).toBe(3);
  });

  it('runs the lowest priority once in a while', async () => {
    many(16, 'known');
    many(40, 'known');
    void request('unknown', 2);
    for (let turn = 0; turn < 16; turn += 1) await endOne();

    expect(count('unknown')).toBe(1);
  });

  it('refuses with 503 what waited too long, and nothing that has begun', async () => {
    many(16, 'one');
    const waiting = request('one');
    await jest.advanceTimersByTimeAsync(9_999);
    expect(started).toHaveLength(16);
    await jest.advanceTimersByTimeAsync(1);

    expect(await waiting).toBe('WIX_UNAVAILABLE');
    await endAll();
    expect(started).toHaveLength(16);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('says when to retry, and that this is not an outage', async () => {
    queue = new TurnQueue({ ...SETTINGS, maxWaiting: 0 });
    many(16, 'one');

    await expect(queue.run({ key: 'one', rank: 0 }, () => Promise.resolve())).rejects.toMatchObject({
      code: 'WIX_UNAVAILABLE',
      retryAfterMs: 1_000,
      isOutage: false,
    });
  });

  it('refuses the newest of the longest key when too many wait, and not a new key', async () => {
    many(116, 'flooded');
    const newcomer = request('other');
    await jest.advanceTimersByTimeAsync(0);
    await endAll();

    expect(await newcomer).toBe('none');
    const codes = await Promise.all(outcomes);
    expect(codes.filter((code) => code === 'WIX_UNAVAILABLE')).toHaveLength(1);
    expect(codes[115]).toBe('WIX_UNAVAILABLE');
  });

  it('refuses the lowest priority when too many wait', async () => {
    for (let index = 0; index < 112; index += 1) void request(`invented ${String(index)}`, 2);
    expect(await request('one more', 2)).toBe('WIX_UNAVAILABLE');
    many(5, 'known');
    await settle();
    expect(count('known')).toBe(4);
    await endAll();

    expect(count('known')).toBe(5);
    expect((await Promise.all(outcomes)).filter((code) => code === 'WIX_UNAVAILABLE')).toHaveLength(2);
  });

  describe('with a rate', () => {
    beforeEach(() => {
      queue = new TurnQueue({ ...SETTINGS, perSecond: 8 });
    });

    it('starts a limited number per second, and the others in the next seconds', async () => {
      many(14, 'one');
      await endAll();
      expect(started).toHaveLength(8);
      await jest.advanceTimersByTimeAsync(999);
      expect(started).toHaveLength(8);
      await jest.advanceTimersByTimeAsync(1);

      expect(started).toHaveLength(14);
    });

    it('reserves some of it for higher priorities', async () => {
      many(20, 'unknown', 2);
      await endAll();
      expect(started).toHaveLength(6);
      many(2, 'known');
      await settle();

      expect(count('known')).toBe(2);
    });

    it('never exceeds twice the rate in any second', async () => {
      await jest.advanceTimersByTimeAsync(990);
      many(50, 'one');
      await endAll();
      await jest.advanceTimersByTimeAsync(999);
      await endAll();

      expect(started.length).toBeLessThanOrEqual(16);
    });
  });
});
