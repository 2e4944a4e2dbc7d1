import { AuthEvents } from '../../../src/core/auth-events.js';
import { NoInvalidationBus, type InvalidationBus } from '../../../src/store/invalidation-bus.js';
import { SharingReport, type SharedParts } from '../../../src/store/sharing-report.js';
import { InMemoryEventLedger } from '../../../src/store/in-memory-event.ledger.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';
import { MapTokenStore } from '../../support/map-token-store.js';

const bus = { publish: () => Promise.resolve(), subscribe: () => undefined } as InvalidationBus;
const parts: SharedParts = { tokens: new LeasingTokenStore(), invalidation: bus, ledger: undefined };

describe('SharingReport', () => {
  const told = (changes: Partial<SharedParts>): readonly unknown[] => {
    const events = new AuthEvents();
    const heard: unknown[] = [];
    events.on('sharing', (event) => heard.push(event));
    events.on('sharingIncomplete', (event) => heard.push(event));
    new SharingReport({ ...parts, ...changes }, events).onModuleInit();
    return heard;
  };
  const TOKENS = 'tokens, verifications and grants';

  it('says what is shared', () => {
    expect(told({})).toEqual([{ shared: [TOKENS, 'leases', 'invalidation'] }]);
  });

  it('says that nothing is shared, without a warning', () => {
    expect(told({ tokens: new MapTokenStore(false), invalidation: new NoInvalidationBus() })).toEqual([{ shared: [] }]);
  });

  it('warns about what a shared cache lacks', () => {
    const ledger = new InMemoryEventLedger(new FakeClock());
    expect(told({ tokens: new MapTokenStore(true), invalidation: new NoInvalidationBus(), ledger })).toEqual([
      { shared: [TOKENS] },
      { missing: ['leases', 'invalidation', 'webhook ledger'] },
    ]);
  });
});
