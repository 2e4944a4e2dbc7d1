import type { EventLedger } from '../../../src/webhooks/event-ledger.js';

export interface LedgerUnderTest {
  readonly ledger: EventLedger;
  /** Lets time pass for the ledger. */
  pass(ms: number): void;
}

/** What every ledger must do, whatever it is made of. */
export function itKeepsTheLedgerContract(make: () => LedgerUnderTest): void {
  it('gives work to one claimant only', async () => {
    const { ledger } = make();
    const claims = await Promise.all(['a', 'b', 'c'].map((claimant) => ledger.claim('work', claimant, 1_000)));
    expect(claims.sort()).toEqual(['claimed', 'in-work', 'in-work']);
    await expect(ledger.claim('other work', 'b', 1_000)).resolves.toBe('claimed');
  });

  it('gives work away again when the claim has ended', async () => {
    const { ledger, pass } = make();
    await ledger.claim('work', 'a', 1_000);
    pass(1_001);
    await expect(ledger.claim('work', 'b', 1_000)).resolves.toBe('claimed');
  });

  it('lets a claimant renew its own claim and no other', async () => {
    const { ledger, pass } = make();
    await ledger.claim('work', 'a', 1_000);
    pass(900);
    await ledger.renew('work', 'a', 1_000);
    pass(900);
    await expect(ledger.claim('work', 'b', 1_000)).resolves.toBe('in-work');
    await ledger.renew('work', 'b', 1_000);
    pass(101);
    await expect(ledger.claim('work', 'b', 1_000)).resolves.toBe('claimed');
  });

  it('takes work back from its claimant and from no other', async () => {
    const { ledger } = make();
    await ledger.claim('work', 'a', 1_000);
    await ledger.release('work', 'b');
    await expect(ledger.claim('work', 'b', 1_000)).resolves.toBe('in-work');
    await ledger.release('work', 'a');
    await expect(ledger.claim('work', 'b', 1_000)).resolves.toBe('claimed');
  });

  it('remembers finished work for as long as it was told to', async () => {
    const { ledger, pass } = make();
    await ledger.claim('work', 'a', 1_000);
    await ledger.complete('work', 5_000);
    await ledger.release('work', 'a');
    pass(4_900);
    await expect(ledger.claim('work', 'b', 1_000)).resolves.toBe('done');
    pass(200);
    await expect(ledger.claim('work', 'b', 1_000)).resolves.toBe('claimed');
  });
}
