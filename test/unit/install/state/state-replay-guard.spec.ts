import { StateReplayGuard } from '../../../../src/install/state/state-replay-guard.js';
import { SealedStore } from '../../../../src/store/sealed-store.js';
import { TokenStore, type StoreLease } from '../../../../src/store/token-store.js';
import { API_URL, app } from '../../../support/app.js';
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
  const oauthState = { id: 'a', untilMs: clock.nowMs() + 1_000 };
  let store: LeasingStore;
  const process = () => new StateReplayGuard(new SealedStore(store, app(), API_URL, clock), clock);

  beforeEach(() => {
    store = new LeasingStore();
  });

  it('lets one of two visits at the same moment take a ticket', async () => {
    const used = process();
    expect(await Promise.all([used.take(oauthState), used.take(oauthState)])).toEqual([true, false]);
  });

  it('lets one of two processes take a ticket at the same moment, when their store gives leases', async () => {
    const taken = await Promise.all([process().take(oauthState), process().take(oauthState)]);
    expect(taken).toEqual([true, false]);
    expect([...store.leases.values()]).toEqual([1_000]);
  });

  it('tells other processes that share the store', async () => {
    await process().take(oauthState);
    expect(await process().wasTaken(oauthState)).toBe(true);
    store = new LeasingStore();
    expect(await process().wasTaken(oauthState)).toBe(false);
  });

  it('goes on without a store that is away, each process for itself', async () => {
    store.isDown = true;
    const used = process();
    expect([await used.take(oauthState), await used.take(oauthState), await process().take(oauthState)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('takes a ticket again that was given back, in every process', async () => {
    const used = process();
    await used.take(oauthState);
    await used.giveBack(oauthState);
    expect(await used.wasTaken(oauthState)).toBe(false);
    expect(await process().take(oauthState)).toBe(true);
    expect(await used.take(oauthState)).toBe(false);
  });
});
