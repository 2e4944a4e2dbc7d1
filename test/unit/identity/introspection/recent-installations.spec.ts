import { RecentInstallations } from '../../../../src/identity/introspection/recent-installations.js';
import { INSTANCE } from '../../../support/app.js';
import { turns } from '../../../support/deferred.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { LeasingTokenStore } from '../../../support/leasing-token-store.js';
import { MapTokenStore } from '../../../support/map-token-store.js';
import { sharingBy } from '../../../support/sharing.js';

const HOUR_MS = 3_600_000;

describe('RecentInstallations', () => {
  let clock: FakeClock;
  let store: LeasingTokenStore;
  let known: RecentInstallations;

  const process = (): RecentInstallations => new RecentInstallations(sharingBy(store, clock).store, clock);

  beforeEach(() => {
    clock = new FakeClock();
    store = new LeasingTokenStore();
    known = process();
  });

  it('knows an installation for 24 hours after proof', async () => {
    expect(known.isKnownHere(INSTANCE)).toBe(false);
    known.note(INSTANCE);
    clock.advance(24 * HOUR_MS - 1);
    expect(known.isKnownHere(INSTANCE)).toBe(true);
    clock.advance(1);

    expect(known.isKnownHere(INSTANCE)).toBe(false);
    expect(await new RecentInstallations(sharingBy(new MapTokenStore(), clock).store, clock).isKnown(INSTANCE)).toBe(
      false,
    );
  });

  it('notifies other processes, including those that start later, and writes once an hour', async () => {
    known.note(INSTANCE);
    clock.advance(HOUR_MS - 1);
    known.note(INSTANCE);
    await turns();
    clock.advance(24 * HOUR_MS - 1);
    const other = process();

    expect(await other.isKnown(INSTANCE)).toBe(true);
    expect(other.isKnownHere(INSTANCE)).toBe(true);
  });

  it('knows an installation for 24 hours after Wix signed for it, whatever older proof arrives later', async () => {
    known.note(INSTANCE, clock.nowMs() - 23 * HOUR_MS);
    await turns();
    expect(await process().isKnown(INSTANCE)).toBe(true);
    clock.advance(HOUR_MS);
    expect(known.isKnownHere(INSTANCE)).toBe(false);

    known.note(INSTANCE);
    known.note(INSTANCE, clock.nowMs() - 20 * HOUR_MS);
    clock.advance(24 * HOUR_MS - 1);
    expect(known.isKnownHere(INSTANCE)).toBe(true);
  });

  it('does not write a proof that has expired', async () => {
    known.note(INSTANCE, clock.nowMs() - 25 * HOUR_MS);
    await turns();

    expect(store.entries.size).toBe(0);
    expect(known.isKnownHere(INSTANCE)).toBe(false);
  });

  it('does not know an installation by what was signed before its site removed the app', async () => {
    const signedAtMs = clock.nowMs();
    clock.advance(1_000);
    await known.forget(INSTANCE, clock.nowMs());
    known.note(INSTANCE, signedAtMs);
    await turns();
    expect(await known.isKnown(INSTANCE)).toBe(false);
    expect(await process().isKnown(INSTANCE)).toBe(false);

    known.note(INSTANCE, clock.nowMs());
    expect(known.isKnownHere(INSTANCE)).toBe(true);
  });

  it('does not know an installation whose site removed the app', async () => {
    known.note(INSTANCE);
    await turns();
    await known.forget(INSTANCE, clock.nowMs());

    expect(await known.isKnown(INSTANCE)).toBe(false);
    expect(await process().isKnown(INSTANCE)).toBe(false);
  });
});
