import { AuthEvents } from '../../../../src/core/auth-events.js';
import { InMemoryEventLedger } from '../../../../src/store/in-memory-event.ledger.js';
import type { EventClaim } from '../../../../src/store/event-ledger.js';
import { WorkClaim, WorkClaims } from '../../../../src/webhooks/ledger/work-claims.js';
import { turns } from '../../../support/deferred.js';
import { FakeClock } from '../../../support/fake-clock.js';

/** Claims, and then loses the reply, as a server does that is gone a moment later. */
class LosingLedger extends InMemoryEventLedger {
  isLosing = true;

  override async claim(key: string, claimant: string, leaseMs: number): Promise<EventClaim> {
    const claim = await super.claim(key, claimant, leaseMs);
    if (this.isLosing) throw new Error('The connection was lost.');
    return claim;
  }
}

describe('WorkClaims', () => {
  it('releases a claim whose reply was lost, so that the next attempt need not wait for its lease', async () => {
    const ledger = new LosingLedger(new FakeClock());
    const claims = new WorkClaims(ledger, new AuthEvents(), 60_000);
    expect(await claims.take('work')).toBe('unavailable');
    ledger.isLosing = false;
    await turns();

    const taken = await claims.take('work');
    expect(taken).toBeInstanceOf(WorkClaim);
    if (taken instanceof WorkClaim) await taken.release();
  });
});
