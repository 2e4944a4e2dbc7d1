import { eventLedgerContract } from 'nestjs-wix-auth/testing';

import { InMemoryEventLedger } from '../../../src/store/in-memory-event.ledger.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('InMemoryEventLedger', () => {
  const clock = new FakeClock();
  const pass = (ms: number): void => clock.advance(ms);

  for (const { title, run } of eventLedgerContract(() => new InMemoryEventLedger(clock), { pass })) it(title, run);

  it('forgets the oldest finished work first, and never a claim', async () => {
    const ledger = new InMemoryEventLedger(new FakeClock(), 2);
    await ledger.claim('claimed', 'a', 1_000);
    for (const key of ['oldest', 'older', 'newest']) await ledger.complete(key, 1_000);
    const claims = await Promise.all(['claimed', 'oldest', 'older', 'newest'].map((key) => ledger.claim(key, 'b', 1)));
    expect(claims).toEqual(['in-progress', 'claimed', 'done', 'done']);
  });
});
