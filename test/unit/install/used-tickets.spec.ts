import { UsedTickets } from '../../../src/install/used-tickets.js';
import { SealedStore } from '../../../src/store/sealed-store.js';
import { API_URL, app } from '../../support/app.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';

describe('UsedTickets', () => {
  const clock = new FakeClock();
  const ticket = {
    id: 'a',
    flow: 'external',
    browser: '',
    returnTo: undefined,
    untilMs: clock.nowMs() + 1_000,
  } as const;
  const tickets = (store = new MapTokenStore()) => new UsedTickets(new SealedStore(store, app(), API_URL, clock));

  it('lets one of two visits at the same moment take a ticket', async () => {
    const used = tickets();
    expect(await Promise.all([used.take(ticket), used.take(ticket)])).toEqual([true, false]);
  });

  it('tells other processes that share the store', async () => {
    const store = new MapTokenStore();
    await tickets(store).take(ticket);
    expect(await tickets(store).wasTaken(ticket)).toBe(true);
    expect(await tickets().wasTaken(ticket)).toBe(false);
  });

  it('takes a ticket again that was given back', async () => {
    const used = tickets();
    await used.take(ticket);
    await used.giveBack(ticket);
    expect(await used.wasTaken(ticket)).toBe(false);
    expect(await used.take(ticket)).toBe(true);
  });
});
