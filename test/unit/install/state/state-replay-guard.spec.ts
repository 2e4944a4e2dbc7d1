import { WixUnavailableError } from '../../../../src/core/wix-auth.errors.js';
import { WixInstallError } from '../../../../src/install/install.errors.js';
import { StateReplayGuard, type UsableOnce } from '../../../../src/install/state/state-replay-guard.js';
import { SealedStore } from '../../../../src/store/sealed-store.js';
import { TokenStore, type StoreLease } from '../../../../src/store/token-store.js';
import { API_URL, app } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';

/** A store that several processes share, and that gives a lease to one of them. */
class LeasingStore extends TokenStore {
  readonly leases = new Map<string, number>();
  readonly #values = new Map<string, string>();
  isDown = false;

  override get(key: string): Promise<string | undefined> {
    return this.isDown ? Promise.reject(new Error('down')) : Promise.resolve(this.#values.get(key));
  }

  override set(key: string, value: string): Promise<void> {
    return this.isDown ? Promise.reject(new Error('down')) : Promise.resolve(void this.#values.set(key, value));
  }

  override delete(key: string): Promise<void> {
    return Promise.resolve(void this.#values.delete(key));
  }

  override lease(key: string, ttlMs: number): Promise<StoreLease | undefined> {
    if (this.isDown) return Promise.reject(new Error('down'));
    if (this.leases.has(key)) return Promise.resolve(undefined);
    this.leases.set(key, ttlMs);
    const release = () => Promise.resolve(void this.leases.delete(key));
    return Promise.resolve({ set: () => Promise.resolve(true), release });
  }
}

describe('StateReplayGuard', () => {
  const clock = new FakeClock();
  const oauthState = { id: 'a', untilMs: clock.nowMs() + 1_000, ifUsed: 'WIX_INSTALL_STATE_USED' as const };
  let store: LeasingStore;
  const process = (maxEntries?: number) =>
    new StateReplayGuard(new SealedStore(store, app(), API_URL, clock), clock, maxEntries);
  const use = (guard: StateReplayGuard, once: UsableOnce = oauthState): Promise<unknown> =>
    codeOf(() => guard.during(once, () => Promise.resolve()));
  const USED = 'WIX_INSTALL_STATE_USED';

  beforeEach(() => {
    store = new LeasingStore();
  });

  it('lets one of two requests at the same moment use a state', async () => {
    const guard = process();
    expect(await Promise.all([use(guard), use(guard)])).toEqual(['none', USED]);
  });

  it('lets one of two processes use a state at the same moment, when their store gives leases', async () => {
    expect(await Promise.all([use(process()), use(process())])).toEqual(['none', USED]);
    expect([...store.leases.values()]).toEqual([1_000]);
  });

  it('notifies other processes that share the store', async () => {
    await use(process());
    expect(await use(process())).toBe(USED);
    store = new LeasingStore();
    expect(await use(process())).toBe('none');
  });

  it('continues without a store that is down, separately in each process', async () => {
    store.isDown = true;
    const guard = process();
    expect([await use(guard), await use(guard), await use(process())]).toEqual(['none', USED, 'none']);
  });

  it.each([new WixUnavailableError('down'), new WixInstallError('WIX_INSTALL_HOOK_FAILED', 'failed')])(
    'lets a state be used again in every process when nothing was decided: %s',
    async (error) => {
      const guard = process();
      await expect(guard.during(oauthState, () => Promise.reject(error))).rejects.toBe(error);
      expect(() => guard.refuseUsedHere(oauthState)).not.toThrow();
      expect(await use(process())).toBe('none');
      expect(await use(guard)).toBe(USED);
    },
  );

  it('marks a state as used when the installation was refused', async () => {
    const guard = process();
    const error = new WixInstallError('WIX_INSTALL_MISMATCH', 'another site');
    await expect(guard.during(oauthState, () => Promise.reject(error))).rejects.toBe(error);
    expect(await use(guard)).toBe(USED);
  });

  it('never forgets a valid state, however many come, but refuses new ones', async () => {
    const guard = process(3);
    store.isDown = true;
    const once = (id: number) => ({ ...oauthState, id: String(id) });
    for (const id of [1, 2, 3]) expect(await use(guard, once(id))).toBe('none');
    expect(await use(guard, once(4))).toBe('WIX_UNAVAILABLE');
    expect(await use(guard, once(1))).toBe(USED);

    clock.advance(1_000);
    expect(await use(guard, { ...once(4), untilMs: clock.nowMs() + 1_000 })).toBe('none');
  });
});
