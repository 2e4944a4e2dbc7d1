import { performance } from 'node:perf_hooks';

import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { AppCredentials } from '../../../src/core/app-credentials.js';
import { SealedStore } from '../../../src/store/sealed-store.js';
import { StoreCircuit } from '../../../src/store/store-circuit.js';
import { loggedEvents } from '../../support/logged-events.js';
import { TokenStore } from '../../../src/store/token-store.js';
import { altered } from '../../support/altered.js';
import { API_URL, APP_ID, APP_SECRET, OLD_SECRET, OTHER_APP_ID, app } from '../../support/app.js';
import { turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';

const HOUR_MS = 3_600_000;

/** A store of the application that answers every call in one way, whatever its types promise. */
class OneAnswerStore extends TokenStore {
  readonly #answer: () => unknown;

  constructor(answer: () => unknown) {
    super();
    this.#answer = answer;
  }

  override get = (): Promise<undefined> => this.#answer() as Promise<undefined>;
  override set = (): Promise<void> => this.#answer() as Promise<void>;
  override delete = (): Promise<void> => this.#answer() as Promise<void>;
}

describe('SealedStore', () => {
  let clock: FakeClock;
  let store: MapTokenStore;
  let sealed: SealedStore;

  const sealedWith = (credentials: AppCredentials, apiUrl = API_URL, inner: TokenStore = store): SealedStore =>
    new SealedStore(inner, credentials, apiUrl, clock, new StoreCircuit(loggedEvents()));
  const inAnHour = (): number => clock.nowMs() + HOUR_MS;

  beforeEach(() => {
    clock = new FakeClock();
    store = new MapTokenStore();
    sealed = sealedWith(app());
  });

  it('returns what it stored', async () => {
    await sealed.write('name', { token: 'the token' }, inAnHour());

    expect(await sealed.read('name')).toEqual({ token: 'the token' });
    expect(await sealed.read('other')).toBeUndefined();
  });

  it('stores nothing readable: no value, no name, no app, no secret', async () => {
    await sealed.write('app:some-instance', { token: 'the token' }, inAnHour());
    const [[key, value] = ['', '']] = [...store.entries];
    const all = [store.dump, ...[key, value].map((text) => Buffer.from(text, 'base64url').toString('latin1'))].join();

    for (const readable of ['the token', 'some-instance', APP_ID, APP_SECRET, API_URL]) {
      expect(all).not.toContain(readable);
    }
  });

  it('treats swapped entries as absent', async () => {
    await sealed.write('one', 1, inAnHour());
    await sealed.write('two', 2, inAnHour());
    const [[oneKey, oneValue] = ['', ''], [twoKey, twoValue] = ['', '']] = [...store.entries];
    store.entries.set(oneKey, twoValue);
    store.entries.set(twoKey, oneValue);

    expect([await sealed.read('one'), await sealed.read('two')]).toEqual([undefined, undefined]);
  });

  it('treats altered entries as absent', async () => {
    await sealed.write('name', 1, inAnHour());
    for (const [key, value] of store.entries) store.entries.set(key, altered(value));

    expect(await sealed.read('name')).toBeUndefined();
  });

  it('separates apps, environments and names', async () => {
    await sealed.write('name', 1, inAnHour());

    expect(await sealedWith(new AppCredentials(OTHER_APP_ID, [APP_SECRET])).read('name')).toBeUndefined();
    expect(await sealedWith(app(), 'https://other.test').read('name')).toBeUndefined();
  });

  describe('during a rotation of the secret', () => {
    const rotated = (): SealedStore => sealedWith(app(APP_SECRET, OLD_SECRET));

    beforeEach(async () => {
      await sealedWith(app(OLD_SECRET)).write('name', 'old', inAnHour());
    });

    it('opens entries of the old secret', async () => {
      expect(await rotated().read('name')).toBe('old');
    });

    it('misses them when only the new secret remains', async () => {
      expect(await sealedWith(app(APP_SECRET)).read('name')).toBeUndefined();
    });

    it('writes with the new secret only, and reads that first', async () => {
      await rotated().write('name', 'new', inAnHour());

      expect(await rotated().read('name')).toBe('new');
      expect(await sealedWith(app(OLD_SECRET)).read('name')).toBe('old');
    });

    it('erases what was stored under either', async () => {
      await rotated().write('name', 'new', inAnHour());
      await rotated().erase('name');

      expect(store.entries.size).toBe(0);
    });
  });

  describe('expiry', () => {
    it('is inside the encryption, whatever the store does with its lifetime', async () => {
      await sealed.write('name', 1, inAnHour());
      clock.advance(HOUR_MS - 1);
      expect(await sealed.read('name')).toBe(1);
      clock.advance(1);

      expect(store.entries.size).toBe(1);
      expect(await sealed.read('name')).toBeUndefined();
    });

    it('is passed to the store in whole milliseconds', async () => {
      await sealed.write('name', 1, clock.nowMs() + 1_000.25);

      expect(store.lifetimesMs).toEqual([1_001]);
    });

    it('does not store what has already expired', async () => {
      await sealed.write('name', 1, clock.nowMs());

      expect(store.entries.size).toBe(0);
    });
  });

  describe('when the store fails', () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();

    const pass = async (ms: number): Promise<void> => {
      await jest.advanceTimersByTimeAsync(ms);
      await turns();
    };
    const never = <Value>(): Promise<Value> => new Promise<Value>(() => undefined);

    beforeEach(() => {
      warnings.mockClear();
      jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    });

    afterEach(() => {
      jest.useRealTimers();
    });

    afterAll(() => {
      warnings.mockRestore();
    });

    it.each([
      ['rejects', () => Promise.reject(new Error(`refused ${APP_SECRET}`))],
      [
        'throws before there is a promise',
        () => {
          throw new TypeError(`no connection ${APP_SECRET}`);
        },
      ],
      ['hangs', never],
    ])('continues without one that %s, and says so once and without details', async (_how, answer) => {
      const failing = sealedWith(app(APP_SECRET, OLD_SECRET), API_URL, new OneAnswerStore(answer));
      const reads = [failing.read('name'), failing.read('other')];
      const work = Promise.all([...reads, failing.write('name', 1, inAnHour()), failing.erase('name')]);
      await pass(500);
      await pass(500);

      expect(await work).toEqual(Array(4).fill(undefined));
      expect(warnings.mock.calls).toHaveLength(1);
      expect(JSON.stringify(warnings.mock.calls)).not.toContain(APP_SECRET);
    });

    it('waits a quarter of a second and no longer', async () => {
      const idle = { utilization: 0, idle: 1, active: 0 };
      jest.spyOn(performance, 'eventLoopUtilization').mockReturnValue(idle);
      let isRead = false;
      const hanging = sealedWith(app(), API_URL, new OneAnswerStore(never));
      void hanging.read('name').then(() => {
        isRead = true;
      });

      await pass(249);
      expect(isRead).toBe(false);
      await pass(1);
      expect(isRead).toBe(true);
    });

    it('leaves no timer behind when the store is fast', async () => {
      await sealed.write('name', 1, inAnHour());
      await sealed.read('name');

      expect(jest.getTimerCount()).toBe(0);
    });

    it('survives one that fails only after the wait ended', async () => {
      const late = sealedWith(
        app(),
        API_URL,
        new OneAnswerStore(() => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('late')), 1_000))),
      );
      const read = late.read('name');
      await pass(500);
      await pass(2_000);

      expect(await read).toBeUndefined();
    });

    it.each([null, 7, {}, [], '', 'nonsense', true])('treats %j in it as missing', async (found) => {
      const odd = sealedWith(app(), API_URL, new OneAnswerStore(() => Promise.resolve(found)));

      expect(await odd.read('name')).toBeUndefined();
    });
  });
});
