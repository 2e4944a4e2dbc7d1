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

  it('knows for 24 hours what has proved genuine', async () => {
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

  it('tells other processes, also those that begin later, and writes once an hour', async () => {
    known.note(INSTANCE);
    clock.advance(HOUR_MS - 1);
    known.note(INSTANCE);
    await turns();
    clock.advance(24 * HOUR_MS - 1);
    const other = process();

    expect(await other.isKnown(INSTANCE)).toBe(true);
    expect(other.isKnownHere(INSTANCE)).toBe(true);
  });

  it('does not know an installation whose site removed the app', async () => {
    known.note(INSTANCE);
    await turns();
    await known.forget(INSTANCE);

    expect(await known.isKnown(INSTANCE)).toBe(false);
    expect(await process().isKnown(INSTANCE)).toBe(false);
  });
});
