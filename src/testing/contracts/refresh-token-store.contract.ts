import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import type { RefreshTokenStore } from '../../index.js';
import { caseOf, type ContractCase, type Make } from './contract-case.js';

/**
 * What a {@link RefreshTokenStore} of your own must do, as cases for any test runner. Whether it survives a crash
 * is for you to test.
 *
 * @example
 * for (const { title, run } of refreshTokenStoreContract(() => new MyStore())) it(title, run);
 */
export function refreshTokenStoreContract(make: Make<RefreshTokenStore>): readonly ContractCase[] {
  return [
    caseOf('knows nothing it was not told', make, knowsNothing),
    caseOf('keeps a value where there was none', make, keeps),
    caseOf('replaces the expected value', make, replaces),
    caseOf('leaves a value that is not the expected one', make, leaves),
    caseOf('expects nothing where there is nothing', make, expectsNothing),
    caseOf('lets one of many win', make, letsOneWin),
    caseOf('does not mix keys, however alike', make, keepsApart),
    caseOf('takes values of 16 KiB as they are', make, takesLongValues),
  ];
}

const newKey = (): string => `wix-refresh-token:${randomUUID()}`;

async function knowsNothing(store: RefreshTokenStore): Promise<void> {
  equal(await store.get(newKey()), undefined);
}

async function keeps(store: RefreshTokenStore): Promise<void> {
  const key = newKey();
  equal(await store.replace(key, undefined, 'first'), true);
  equal(await store.get(key), 'first');
}

async function replaces(store: RefreshTokenStore): Promise<void> {
  const key = newKey();
  await store.replace(key, undefined, 'first');
  equal(await store.replace(key, 'first', 'second'), true);
  equal(await store.get(key), 'second');
}

async function leaves(store: RefreshTokenStore): Promise<void> {
  const key = newKey();
  await store.replace(key, undefined, 'first');
  equal(await store.replace(key, 'other', 'second'), false);
  equal(await store.replace(key, undefined, 'second'), false);
  equal(await store.get(key), 'first');
}

async function expectsNothing(store: RefreshTokenStore): Promise<void> {
  const key = newKey();
  equal(await store.replace(key, 'expected', 'value'), false);
  equal(await store.get(key), undefined);
}

async function letsOneWin(store: RefreshTokenStore): Promise<void> {
  const key = newKey();
  const values = Array.from({ length: 20 }, (_, number) => `value ${number}`);
  const done = await Promise.all(values.map((value) => store.replace(key, undefined, value)));
  const winners = values.filter((_, index) => done[index]);
  equal(winners.length, 1);
  equal(await store.get(key), winners[0]);
}

async function keepsApart(store: RefreshTokenStore): Promise<void> {
  const key = newKey();
  const keys = [key, `${key}a`, `${key}A`, key.toUpperCase()];
  for (const each of keys) await store.replace(each, undefined, `of ${each}`);
  deepEqual(
    await Promise.all(keys.map((each) => store.get(each))),
    keys.map((each) => `of ${each}`),
  );
}

async function takesLongValues(store: RefreshTokenStore): Promise<void> {
  const [key, value] = [newKey(), 'Az09-_'.repeat(2_731)];
  await store.replace(key, undefined, value);
  equal(await store.get(key), value);
  equal(await store.replace(key, value, 'short'), true);
}
