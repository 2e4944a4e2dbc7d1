import { TtlCache } from '../../../src/grants/ttl-cache.js';
import { WixAppRefusedError, WixInstanceUnknownError, WixUnavailableError } from '../../../src/core/wix-auth.errors.js';
import { INSTANCE, OTHER_INSTANCE } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';

interface Answer {
  readonly number: number;
}

describe('TtlCache', () => {
  let clock: FakeClock;
  let answers: TtlCache<Answer>;
  let asked: number;

  const send = (): Promise<Answer> => {
    asked += 1;
    return Promise.resolve({ number: asked });
  };
  const get = async (key = 'key', sinceMs?: number): Promise<number> =>
    (await answers.get(key, INSTANCE, send, { sinceMs })).number;

  beforeEach(() => {
    clock = new FakeClock();
    answers = new TtlCache(clock, { ttlMs: 1_000 });
    asked = 0;
  });

  it('caches an answer for its time to live, counted from the request', async () => {
    const slow = deferred<Answer>();
    const first = answers.get('key', INSTANCE, () => slow.promise);
    clock.advance(600);
    slow.resolve({ number: 7 });
    await first;
    clock.advance(400);
    expect(await get()).toBe(7);
    clock.advance(1);

    expect(await get()).toBe(1);
  });

  it('sends one request for a thousand callers of one key, and another for another key', async () => {
    const all = await Promise.all(Array.from({ length: 1_000 }, () => get()));

    expect(new Set(all)).toEqual(new Set([1]));
    expect(await get('other')).toBe(2);
  });

  it('requests again for a caller that needs a later answer', async () => {
    await get();
    clock.advance(10);

    expect(await get('key', clock.nowMs())).toBe(2);
    expect(await get('key', clock.nowMs())).toBe(2);
  });

  it('caches no failure', async () => {
    await codeOf(() => answers.get('key', INSTANCE, () => Promise.reject(new Error('down'))));

    expect(await get()).toBe(1);
  });

  it('forgets one installation and no other', async () => {
    await get('one');
    await answers.get('other', OTHER_INSTANCE, send);
    answers.forget(INSTANCE);

    expect(answers.cached('one')).toBeUndefined();
    expect(answers.cached('other')).toEqual({ number: 2 });
  });

  it('caches no answer that was requested before its installation was forgotten', async () => {
    const slow = deferred<Answer>();
    const before = answers.get('key', INSTANCE, () => slow.promise);
    answers.forget(INSTANCE);
    expect(await get()).toBe(1);
    slow.resolve({ number: 7 });
    expect(await before).toEqual({ number: 7 });

    expect(await get()).toBe(1);
  });

  it('caches an answer although another installation was forgotten meanwhile', async () => {
    const slow = deferred<Answer>();
    const before = answers.get('key', INSTANCE, () => slow.promise);
    answers.forget(OTHER_INSTANCE);
    slow.resolve({ number: 7 });
    await before;

    expect(answers.cached('key')).toEqual({ number: 7 });
  });

  describe('in an outage', () => {
    const STALE_MS = 5_000;
    const outage = new WixUnavailableError('down', { isOutage: true });
    const codeAfter = (error: Error, sinceMs?: number): Promise<unknown> =>
      codeOf(() => answers.get('key', INSTANCE, () => Promise.reject(error), { sinceMs }));

    beforeEach(async () => {
      answers = new TtlCache(clock, { ttlMs: 1_000, staleIfErrorMs: STALE_MS });
      await get();
      clock.advance(1_001);
    });

    it('returns an answer for staleIfErrorMs more, with one attempt per second', async () => {
      expect(await codeAfter(outage)).toBe('none');
      expect(answers.cached('key')).toEqual({ number: 1 });
      clock.advance(1_001);
      expect(answers.cached('key')).toBeUndefined();
      clock.advance(STALE_MS - 1_002);
      expect(await codeAfter(outage)).toBe('none');
      clock.advance(1);

      expect(await codeAfter(outage)).toBe('WIX_UNAVAILABLE');
    });

    it('has no stale answer for a caller that needs a recent one', async () => {
      expect(await codeAfter(outage, clock.nowMs())).toBe('WIX_UNAVAILABLE');
      expect(await codeAfter(outage)).toBe('none');

      expect(await codeAfter(outage, clock.nowMs())).toBe('WIX_UNAVAILABLE');
    });

    it('has none for failures that are not an outage', async () => {
      expect(await codeAfter(new WixUnavailableError('Too many requests wait.'))).toBe('WIX_UNAVAILABLE');
    });

    it.each([new WixAppRefusedError('no'), new WixInstanceUnknownError('no')])('has none after %s', async (error) => {
      expect(await codeAfter(error)).toBe(error.code);

      expect(await codeAfter(outage)).toBe('WIX_UNAVAILABLE');
    });

    it('has none that was forgotten, even while it was being requested', async () => {
      const slow = deferred<Answer>();
      const code = codeOf(() => answers.get('key', INSTANCE, () => slow.promise));
      answers.forget(INSTANCE);
      slow.reject(outage);

      expect(await code).toBe('WIX_UNAVAILABLE');
      expect(await codeAfter(outage)).toBe('WIX_UNAVAILABLE');
    });
  });

  describe('in the last quarter of its time to live', () => {
    const DOWN = new WixUnavailableError('Wix cannot be reached.', { isOutage: true });
    let hasRoom: boolean;
    let load: () => Promise<Answer>;

    const use = async (): Promise<number> => (await answers.get('key', INSTANCE, () => load())).number;

    beforeEach(() => {
      hasRoom = true;
      load = send;
      answers = new TtlCache(clock, { ttlMs: 1_000, hasRoomToSpare: () => hasRoom });
    });

    it('renews an answer that is used, and no sooner', async () => {
      await use();
      clock.advance(749);
      await use();
      await turns();
      expect(asked).toBe(1);
      clock.advance(1);
      expect(await use()).toBe(1);
      await turns();
      expect(asked).toBe(2);
      clock.advance(1_000);

      expect(answers.cached('key')).toEqual({ number: 2 });
    });

    it('renews it one at a time', async () => {
      await use();
      const slow = deferred<Answer>();
      load = () => {
        asked += 1;
        return slow.promise;
      };
      clock.advance(750);
      for (let time = 0; time < 10; time += 1) await use();
      expect(asked).toBe(2);
      slow.resolve({ number: 7 });
      await turns();

      expect(answers.cached('key')).toEqual({ number: 7 });
    });

    it('renews none that is unused, and none without capacity', async () => {
      await use();
      hasRoom = false;
      clock.advance(750);
      await use();
      await turns();
      expect(asked).toBe(1);
      hasRoom = true;
      await turns();

      expect(asked).toBe(1);
    });

    it.each([DOWN, new Error('down')])('continues to return it when it cannot be renewed: %s', async (error) => {
      await use();
      load = () => Promise.reject(error);
      clock.advance(750);
      await use();
      await turns();
      clock.advance(250);

      expect(answers.cached('key')).toEqual({ number: 1 });
    });

    it.each([new WixAppRefusedError('no'), new WixInstanceUnknownError('no')])('drops it after %s', async (error) => {
      await use();
      load = () => Promise.reject(error);
      clock.advance(750);
      await use();
      await turns();

      expect(answers.cached('key')).toBeUndefined();
    });

    it('does not restore one that was forgotten meanwhile', async () => {
      await use();
      const slow = deferred<Answer>();
      load = () => slow.promise;
      clock.advance(750);
      await use();
      answers.forget(INSTANCE);
      slow.resolve({ number: 7 });
      await turns();

      expect(answers.cached('key')).toBeUndefined();
    });

    it('does not make a fresh answer stale, and does not renew a stale one', async () => {
      answers = new TtlCache(clock, { ttlMs: 10_000, staleIfErrorMs: 10_000, hasRoomToSpare: () => hasRoom });
      await use();
      load = () => {
        asked += 1;
        return Promise.reject(DOWN);
      };
      clock.advance(7_500);
      await use();
      await turns();
      expect(asked).toBe(2);
      clock.advance(2_500);
      expect(answers.cached('key')).toEqual({ number: 1 });
      await turns();
      clock.advance(1);
      expect(await use()).toBe(1);
      const before = asked;
      for (let time = 0; time < 9; time += 1) {
        clock.advance(100);
        expect(await use()).toBe(1);
        await turns();
      }

      expect(asked).toBe(before);
    });
  });

  it('does not replace an answer with one that was requested earlier', async () => {
    const slow = deferred<Answer>();
    const before = answers.get('key', INSTANCE, () => slow.promise);
    answers.forget(OTHER_INSTANCE);
    clock.advance(1);
    expect(await get()).toBe(1);
    slow.resolve({ number: 7 });
    await before;

    expect(answers.cached('key')).toEqual({ number: 1 });
  });
});
