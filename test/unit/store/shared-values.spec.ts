import { jest } from '@jest/globals';

import { pause } from '../../../src/core/concurrency/pause.js';
import { SealedStore } from '../../../src/store/sealed-store.js';
import { SharedValues, type SharedWork } from '../../../src/store/shared-values.js';
import type { TokenStore } from '../../../src/store/token-store.js';
import { altered } from '../../support/altered.js';
import { API_URL, APP_SECRET, INSTANCE_TEXT, OLD_SECRET, app } from '../../support/app.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';

const LIFE_MS = 60_000;
// Of work that may take no time at all.
const LEASE_MS = 1_000;
const TIME_TO_TAKE_OVER_MS = 2_000;
const LONGEST_PAUSE_MS = 200;
const WORK_MS = 500;

describe('SharedValues', () => {
  let clock: FakeClock;
  let store: LeasingTokenStore;
  let one: SharedValues;
  let other: SharedValues;
  let asked: number;

  const valuesOn = (inner: TokenStore = store, credentials = app()): SharedValues =>
    new SharedValues('kind', new SealedStore(inner, credentials, API_URL, clock), clock, 0);
  const work = (changes: Partial<SharedWork<string>> = {}): SharedWork<string> => ({
    name: 'name',
    instanceId: INSTANCE_TEXT,
    accept: (entry) => (typeof entry === 'string' ? entry : undefined),
    obtain: () => {
      asked += 1;
      return Promise.resolve(`value ${String(asked)}`);
    },
    entryOf: (value) => ({ entry: value, untilMs: clock.nowMs() + LIFE_MS }),
    isStillValid: () => true,
    ...changes,
  });
  /** Work whose value comes when the test says so. */
  const slowWork = () => {
    const value = deferred<string>();
    return { value, work: work({ obtain: () => value.promise }) };
  };

  beforeEach(() => {
    clock = new FakeClock();
    store = new LeasingTokenStore();
    one = valuesOn();
    other = valuesOn();
    asked = 0;
  });

  it('are obtained by one process while the others wait for it', async () => {
    const values = await Promise.all([one, other, valuesOn(), valuesOn()].map((process) => process.obtain(work())));

    expect(values).toEqual(Array(4).fill('value 1'));
    expect(asked).toBe(1);
  });

  it('are found by the others until they expire', async () => {
    await one.obtain(work());
    expect(await other.find(work())).toBe('value 1');
    clock.advance(LIFE_MS);

    expect(await other.find(work())).toBeUndefined();
  });

  describe('during a rotation of the secret', () => {
    let older: SharedValues;
    let newer: SharedValues;

    beforeEach(() => {
      older = valuesOn(store, app(OLD_SECRET));
      newer = valuesOn(store, app(APP_SECRET, OLD_SECRET));
    });

    it('are found by processes with both secrets', async () => {
      await older.obtain(work());

      expect(await newer.find(work())).toBe('value 1');
    });

    it('are forgotten for processes with only the old one', async () => {
      await older.obtain(work());
      await newer.forget(INSTANCE_TEXT);

      expect([await older.find(work()), await newer.find(work())]).toEqual([undefined, undefined]);
    });

    it('are forgotten for processes with both by those with only one', async () => {
      await newer.forget(INSTANCE_TEXT);
      await newer.obtain(work());
      expect(await valuesOn(store, app(APP_SECRET, OLD_SECRET)).find(work())).toBe('value 1');
      await older.forget(INSTANCE_TEXT);

      expect(await newer.find(work())).toBeUndefined();
    });
  });

  it('are obtained by the next process when the first fails', async () => {
    const { value, work: failing } = slowWork();
    const first = one.obtain(failing);
    await turns();
    const second = other.obtain(work());
    value.reject(new Error('down'));

    await expect(first).rejects.toThrow('down');
    expect(await second).toBe('value 1');
  });

  describe('while another process does not answer', () => {
    beforeEach(async () => {
      jest.useFakeTimers({ doNotFake: ['setImmediate'] });
      void one.obtain(slowWork().work);
      await turns();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('are obtained without the lease when that takes too long', async () => {
      const obtained = other.obtain(work());
      await jest.advanceTimersByTimeAsync(LEASE_MS + TIME_TO_TAKE_OVER_MS - 1);
      expect(asked).toBe(0);
      await jest.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);

      expect(await obtained).toBe('value 1');
      expect(await other.find(work())).toBe('value 1');
    });

    it('are obtained by one waiting process after the lease expires, while the others wait for that one', async () => {
      setTimeout(() => store.endLeases(), LEASE_MS);
      const slowly = work({ obtain: () => pause(WORK_MS).then(() => `value ${String((asked += 1))}`) });
      const obtained = Promise.all([valuesOn().obtain(slowly), valuesOn().obtain(slowly)]);
      await jest.advanceTimersByTimeAsync(LEASE_MS + LONGEST_PAUSE_MS + WORK_MS);
      expect(asked).toBe(1);
      await jest.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);

      expect(await obtained).toEqual(['value 1', 'value 1']);
    });
  });

  it('are obtained when the store fails, and not stored', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('away'));
    const away = new LeasingTokenStore();
    Object.assign(away, { get: fail, set: fail, lease: fail });

    expect(await valuesOn(away).obtain(work())).toBe('value 1');
  });

  it('are not written by a process that has lost the lease meanwhile', async () => {
    const { value, work: slow } = slowWork();
    const late = one.obtain(slow);
    await turns();
    await other.obtainFresh(work());
    value.resolve('outdated');

    expect(await late).toBe('outdated');
    expect(await one.find(work())).toBe('value 1');
  });

  it('are obtained again when the stored value is not usable', async () => {
    await one.obtain(work({ entryOf: () => ({ entry: { from: 'a later version' }, untilMs: clock.nowMs() + 1 }) }));

    expect(await other.find(work())).toBeUndefined();
  });

  it('are not trusted where the entry was altered', async () => {
    await one.obtain(work());
    for (const [key, value] of store.entries) store.entries.set(key, altered(value));

    expect(await other.find(work())).toBeUndefined();
  });

  describe('once an installation is forgotten', () => {
    it('are no longer found in any process', async () => {
      await one.obtain(work());
      await other.forget(INSTANCE_TEXT);

      expect(await one.find(work())).toBeUndefined();
      expect(await one.obtain(work())).toBe('value 2');
      expect(await other.find(work())).toBe('value 2');
    });

    it('are not stored where they were requested before', async () => {
      const { value, work: slow } = slowWork();
      const early = one.obtain(slow);
      await turns();
      await other.forget(INSTANCE_TEXT);
      value.resolve('outdated');

      expect(await early).toBe('outdated');
      expect(await one.find(work())).toBeUndefined();
    });

    it('are found if they are about another one', async () => {
      await one.obtain(work());
      await one.forget('another');

      expect(await other.find(work())).toBe('value 1');
    });

    it('are neither stored nor trusted while that is unknown', async () => {
      await one.obtain(work());
      const entries = [...store.entries.keys()];
      const get = store.get.bind(store);
      store.get = (key) => (entries.includes(key) ? get(key) : Promise.reject(new Error('away')));

      expect(await other.find(work())).toBeUndefined();
      expect(await other.obtain(work())).toBe('value 2');
      store.get = get;
      expect(await other.find(work())).toBe('value 1');
    });
  });

  it('are not stored when they are no longer valid, or are removed if that happens too late', async () => {
    await one.obtain(work({ isStillValid: () => false }));
    expect(await one.find(work())).toBeUndefined();
    let requests = 0;
    await one.obtain(work({ isStillValid: () => (requests += 1) === 1 }));

    expect(await one.find(work())).toBeUndefined();
  });

  describe('are erased if they match', () => {
    const isFirst = (entry: unknown): boolean => entry === 'value 1';

    it('and not when they are newer', async () => {
      await one.obtainFresh(work());
      await other.eraseIf('name', isFirst);
      expect(await one.find(work())).toBeUndefined();
      await one.obtainFresh(work());
      await other.eraseIf('name', isFirst);

      expect(await one.find(work())).toBe('value 2');
      expect(store.leasesHeld).toBe(0);
    });

    it('and not while others are being obtained', async () => {
      const { value, work: slow } = slowWork();
      const newer = one.obtain(slow);
      await turns();
      await other.eraseIf('name', () => true);
      value.resolve('newer');
      await newer;

      expect(await other.find(work())).toBe('newer');
    });
  });

  it('are found with a rotated secret, until only the new one remains', async () => {
    await valuesOn(store, app(OLD_SECRET)).obtain(work());

    expect(await valuesOn(store, app(APP_SECRET, OLD_SECRET)).find(work())).toBe('value 1');
    expect(await valuesOn(store, app(APP_SECRET)).find(work())).toBeUndefined();
  });
});
