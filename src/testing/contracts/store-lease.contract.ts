import { equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import type { StoreLease, TokenStore } from '../../index.js';
import { caseOf, type ContractCase, type Make } from './contract-case.js';
import { LONG_MS, SHORT_MS, type ContractTime } from './contract-time.js';

/** What a store must do that grants each lease to one holder at a time. */
export const storeLeaseCases = (make: Make<TokenStore>, time: ContractTime): readonly ContractCase[] => [
  caseOf('grants a lease to one of many', make, grantsOnce),
  caseOf('grants leases to different keys at the same time', make, grantsEach),
  caseOf('grants a lease whatever is stored under the key', make, grantsOverValues),
  caseOf('grants a lease again when it was given back', make, grantsAgain),
  caseOf('grants a lease again when it has ended', make, (store) => grantsAfterTheEnd(store, time)),
  caseOf('writes nothing with a lease that was given back', make, writesNoMore),
  caseOf('writes nothing with a lease that has ended', make, (store) => writesNothingTooLate(store, time)),
  caseOf('writes nothing with a lease that another process has by now', make, (store) =>
    writesForTheHolder(store, time),
  ),
  caseOf('takes a lease back from its holder only', make, (store) => takesBackFromTheHolder(store, time)),
  caseOf('takes a lease over from its holder', make, takesOver),
  caseOf('takes over a lease that is not held', make, takesOverNothing),
  caseOf('gives the value, or a lease where there is none, in one step', make, givesValueOrLease),
  caseOf('takes a lease back with the value that it was for', make, takesBackWithTheValue),
  caseOf('ends a lease that was taken over in its new time', make, (store) => endsWhatWasTakenOver(store, time)),
];

const newKey = (): string => `wix-auth:{${randomUUID()}}`;

async function held(store: TokenStore, key: string, ttlMs = LONG_MS, takeOver = false): Promise<StoreLease> {
  const lease = await store.lease(key, ttlMs, takeOver);
  ok(lease, 'a lease that is not held is granted');
  return lease;
}

const isHeld = async (store: TokenStore, key: string): Promise<boolean> =>
  (await store.lease(key, LONG_MS)) === undefined;

/** A lease that has ended, and the next one. */
async function afterTheEnd(store: TokenStore, time: ContractTime, key = newKey()): Promise<[StoreLease, StoreLease]> {
  const ended = await held(store, key, SHORT_MS);
  let next: StoreLease | undefined;
  await time.until('a lease ends', async () => (next = await store.lease(key, LONG_MS)) !== undefined);
  ok(next);
  return [ended, next];
}

async function grantsOnce(store: TokenStore): Promise<void> {
  const key = newKey();
  const leases = await Promise.all(Array.from({ length: 50 }, () => store.lease(key, LONG_MS)));
  equal(leases.filter((lease) => lease !== undefined).length, 1);
}

async function grantsEach(store: TokenStore): Promise<void> {
  const keys = Array.from({ length: 20 }, newKey);
  const leases = await Promise.all(keys.map((key) => store.lease(key, LONG_MS)));
  equal(leases.filter((lease) => lease !== undefined).length, 20);
}

async function grantsOverValues(store: TokenStore): Promise<void> {
  const key = newKey();
  await store.set(key, 'old', LONG_MS);
  const lease = await held(store, key);
  equal(await store.get(key), 'old');
  equal(await lease.set('new', LONG_MS), true);
  equal(await store.get(key), 'new');
}

async function grantsAgain(store: TokenStore): Promise<void> {
  const key = newKey();
  const lease = await held(store, key);
  equal(await isHeld(store, key), true);
  await lease.release();
  await held(store, key);
}

async function grantsAfterTheEnd(store: TokenStore, time: ContractTime): Promise<void> {
  const key = newKey();
  await afterTheEnd(store, time, key);
  equal(await isHeld(store, key), true);
}

async function writesNoMore(store: TokenStore): Promise<void> {
  const key = newKey();
  const lease = await held(store, key);
  await lease.release();
  equal(await lease.set('late', LONG_MS), false);
  equal(await store.get(key), undefined);
}

async function writesNothingTooLate(store: TokenStore, time: ContractTime): Promise<void> {
  const key = newKey();
  const lease = await held(store, key, SHORT_MS);
  // One that began later and has ended: then so has this one.
  await afterTheEnd(store, time);
  equal(await lease.set('late', LONG_MS), false);
  equal(await store.get(key), undefined);
}

async function writesForTheHolder(store: TokenStore, time: ContractTime): Promise<void> {
  const key = newKey();
  const [ended, next] = await afterTheEnd(store, time, key);
  equal(await ended.set('late', LONG_MS), false);
  equal(await store.get(key), undefined);
  equal(await next.set('new', LONG_MS), true);
  equal(await ended.set('late', LONG_MS), false);
  equal(await store.get(key), 'new');
}

async function takesBackFromTheHolder(store: TokenStore, time: ContractTime): Promise<void> {
  const key = newKey();
  const [ended, next] = await afterTheEnd(store, time, key);
  await ended.release();
  equal(await isHeld(store, key), true);
  equal(await next.set('new', LONG_MS), true);
  await next.release();
  await held(store, key);
}

async function takesOver(store: TokenStore): Promise<void> {
  const key = newKey();
  const former = await held(store, key);
  const lease = await held(store, key, LONG_MS, true);
  equal(await former.set('former', LONG_MS), false);
  await former.release();
  equal(await isHeld(store, key), true);
  equal(await lease.set('new', LONG_MS), true);
  equal(await former.set('former', LONG_MS), false);
  equal(await store.get(key), 'new');
}

async function takesOverNothing(store: TokenStore): Promise<void> {
  const key = newKey();
  const lease = await held(store, key, LONG_MS, true);
  equal(await isHeld(store, key), true);
  equal(await lease.set('value', LONG_MS), true);
}

async function endsWhatWasTakenOver(store: TokenStore, time: ContractTime): Promise<void> {
  const key = newKey();
  await held(store, key);
  await held(store, key, SHORT_MS, true);
  await time.until('a lease that was taken over ends', async () => !(await isHeld(store, key)));
}

async function givesValueOrLease(store: TokenStore): Promise<void> {
  const key = newKey();
  const first = await store.getOrLease(key, LONG_MS);
  ok('lease' in first && first.lease !== 'held', 'a lease is given where nothing is stored');
  const second = await store.getOrLease(key, LONG_MS);
  ok('lease' in second && second.lease === 'held', 'it is not given twice');
  await first.lease.set('value', LONG_MS);
  await first.lease.release();
  const third = await store.getOrLease(key, LONG_MS);
  ok('value' in third && third.value === 'value', 'what is stored is given');
  const fourth = await store.getOrLease(key, LONG_MS, 'value');
  ok('lease' in fourth && fourth.lease !== 'held', 'a value that will not do counts as none');
}

async function takesBackWithTheValue(store: TokenStore): Promise<void> {
  const key = newKey();
  const former = await held(store, key);
  const lease = await held(store, key, LONG_MS, true);
  if (lease.setAndRelease === undefined || former.setAndRelease === undefined) return;
  equal(await former.setAndRelease('former', LONG_MS), false);
  equal(await store.get(key), undefined);
  equal(await isHeld(store, key), true);
  equal(await lease.setAndRelease('new', LONG_MS), true);
  equal(await store.get(key), 'new');
  equal(await isHeld(store, key), false);
}
