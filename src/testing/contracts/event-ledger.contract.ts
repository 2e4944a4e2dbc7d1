import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import type { EventLedger } from '../../index.js';
import { caseOf, type ContractCase, type ContractOptions, type Make } from './contract-case.js';
import { ContractTime, LONG_MS, SHORT_MS, within } from './contract-time.js';

/**
 * What an {@link EventLedger} of your own must do, as cases for any test runner.
 *
 * @example
 * for (const { title, run } of eventLedgerContract(() => new MyLedger())) it(title, run);
 */
export function eventLedgerContract(make: Make<EventLedger>, options: ContractOptions = {}): readonly ContractCase[] {
  const time = new ContractTime(options);
  return [
    caseOf('gives work to one of many claimants', make, givesOnce),
    caseOf('does not mix two pieces of work, whatever their keys look like', make, keepsApart),
    caseOf('gives work away again when the claim has ended', make, (ledger) => endsClaims(ledger, time)),
    caseOf('lets a claimant renew its claim', make, (ledger) => renews(ledger, time)),
    caseOf('lets a claimant lengthen its claim', make, (ledger) => lengthens(ledger, time)),
    caseOf('lets no other process renew a claim', make, (ledger) => renewsForItsClaimantOnly(ledger, time)),
    caseOf('makes no claim of a renewal after it was given back', make, renewsNothing),
    caseOf('takes work back from its claimant', make, takesBack),
    caseOf('takes work back from no other process', make, takesBackFromItsClaimantOnly),
    caseOf('lets one who lost a claim do nothing to the next', make, (ledger) => protectsTheNext(ledger, time)),
    caseOf('knows finished work', make, knowsFinishedWork),
    caseOf('knows finished work even if another process holds the claim by now', make, (ledger) =>
      finishesForAnybody(ledger, time),
    ),
    caseOf('knows finished work longer than it was claimed', make, (ledger) => outlivesTheClaim(ledger, time)),
    caseOf('forgets finished work when told to', make, (ledger) => forgetsFinishedWork(ledger, time)),
    caseOf('knows finished work although its claimant renews or gives it back', make, (ledger) =>
      staysFinished(ledger, time),
    ),
  ];
}

// As long as keys can be, with every kind of character.
const newKey = (): string => `~:{${randomUUID()}} *?[a-z]\\"'%$/`.padEnd(64, '#');

async function ends(ledger: EventLedger, time: ContractTime, key: string, next = 'next'): Promise<void> {
  await time.until('a claim ends', async () => (await ledger.claim(key, next, LONG_MS)) === 'claimed');
}

// Observed through the ledger itself: what began earlier and lasts no longer has also ended.
async function passes(ledger: EventLedger, time: ContractTime, ms: number): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'hourglass', ms);
  await ends(ledger, time, key);
}

async function givesOnce(ledger: EventLedger): Promise<void> {
  const key = newKey();
  const claimants = Array.from({ length: 100 }, (_, number) => `claimant ${number}`);
  const claims = await Promise.all(claimants.map((claimant) => ledger.claim(key, claimant, LONG_MS)));
  deepEqual(claims.sort(), ['claimed', ...Array.from({ length: 99 }, () => 'in-progress')]);
}

async function keepsApart(ledger: EventLedger): Promise<void> {
  const [key, otherEnd] = [newKey(), newKey()];
  const keys = [key, otherEnd, key.slice(0, -1), key.toUpperCase(), `${key.slice(0, -1)}*`];
  await ledger.complete(key, LONG_MS);
  const claims = await Promise.all(keys.map((each) => ledger.claim(each, 'a', LONG_MS)));
  deepEqual(claims, ['done', 'claimed', 'claimed', 'claimed', 'claimed']);
}

async function endsClaims(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  equal(await ledger.claim(key, 'a', SHORT_MS), 'claimed');
  await ends(ledger, time, key, 'b');
  equal(await ledger.claim(key, 'c', LONG_MS), 'in-progress');
}

async function renews(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.renew(key, 'a', SHORT_MS);
  await ends(ledger, time, key, 'b');
}

async function lengthens(ledger: EventLedger, time: ContractTime): Promise<void> {
  let key = '';
  const claimMs = await within(SHORT_MS, async (leaseMs) => {
    key = newKey();
    await ledger.claim(key, 'a', leaseMs);
    await ledger.renew(key, 'a', LONG_MS);
  });
  await passes(ledger, time, claimMs);
  equal(await ledger.claim(key, 'b', LONG_MS), 'in-progress');
}

async function renewsForItsClaimantOnly(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.renew(key, 'b', SHORT_MS);
  await passes(ledger, time, SHORT_MS);
  equal(await ledger.claim(key, 'b', LONG_MS), 'in-progress');
}

async function renewsNothing(ledger: EventLedger): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.release(key, 'a');
  await ledger.renew(key, 'a', LONG_MS);
  equal(await ledger.claim(key, 'b', LONG_MS), 'claimed');
}

async function takesBack(ledger: EventLedger): Promise<void> {
  const key = newKey();
  await ledger.release(key, 'a');
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.release(key, 'a');
  equal(await ledger.claim(key, 'b', LONG_MS), 'claimed');
}

async function takesBackFromItsClaimantOnly(ledger: EventLedger): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.release(key, 'b');
  equal(await ledger.claim(key, 'b', LONG_MS), 'in-progress');
}

async function protectsTheNext(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', SHORT_MS);
  await ends(ledger, time, key, 'b');
  await ledger.release(key, 'a');
  equal(await ledger.claim(key, 'c', LONG_MS), 'in-progress');
  await ledger.renew(key, 'a', SHORT_MS);
  await passes(ledger, time, SHORT_MS);
  equal(await ledger.claim(key, 'c', LONG_MS), 'in-progress');
}

async function knowsFinishedWork(ledger: EventLedger): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.complete(key, LONG_MS);
  equal(await ledger.claim(key, 'a', LONG_MS), 'done');
  equal(await ledger.claim(key, 'b', LONG_MS), 'done');
}

async function finishesForAnybody(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', SHORT_MS);
  await ends(ledger, time, key, 'b');
  await ledger.complete(key, LONG_MS);
  await ledger.release(key, 'b');
  equal(await ledger.claim(key, 'c', LONG_MS), 'done');
}

async function outlivesTheClaim(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', SHORT_MS);
  await ledger.complete(key, LONG_MS);
  await passes(ledger, time, SHORT_MS);
  equal(await ledger.claim(key, 'b', LONG_MS), 'done');
}

async function forgetsFinishedWork(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.complete(key, SHORT_MS);
  await ends(ledger, time, key, 'b');
}

async function staysFinished(ledger: EventLedger, time: ContractTime): Promise<void> {
  const key = newKey();
  await ledger.claim(key, 'a', LONG_MS);
  await ledger.complete(key, LONG_MS);
  await ledger.renew(key, 'a', SHORT_MS);
  await passes(ledger, time, SHORT_MS);
  await ledger.release(key, 'a');
  equal(await ledger.claim(key, 'b', LONG_MS), 'done');
}
