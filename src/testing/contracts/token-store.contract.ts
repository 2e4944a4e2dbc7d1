import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import type { TokenStore } from '../../index.js';
import { caseOf, type ContractCase, type ContractOptions, type Make } from './contract-case.js';
import { ContractTime, LONG_MS, SHORT_MS } from './contract-time.js';
import { storeLeaseCases } from './store-lease.contract.js';

/** How the contract of token stores tests a store. */
export interface TokenStoreContractOptions extends ContractOptions {
  /**
   * Whether the store grants a lease to one process at a time, so that processes do not obtain the same thing at once.
   *
   * @default false
   */
  readonly leases?: boolean | undefined;
}

/**
 * What a {@link TokenStore} of your own must do, as cases for any test runner.
 *
 * @example
 * for (const { title, run } of tokenStoreContract(() => new MyStore())) it(title, run);
 */
export function tokenStoreContract(
  make: Make<TokenStore>,
  options: TokenStoreContractOptions = {},
): readonly ContractCase[] {
  const time = new ContractTime(options);
  return [
    caseOf('knows nothing of a key it was never given', make, startsUnknowing),
    caseOf('keeps a value', make, keeps),
    caseOf('replaces a value', make, replaces),
    caseOf('replaces a lifetime together with the value', make, (store) => replacesLifetimes(store, time)),
    caseOf('forgets a key, and does not mind one it does not know', make, forgets),
    caseOf('takes a value again after forgetting it', make, learnsAgain),
    caseOf('keeps a value no longer than it was told to', make, (store) => ends(store, time, SHORT_MS)),
    caseOf('takes a lifetime of one millisecond', make, (store) => ends(store, time, 1)),
    caseOf('takes keys of 64 characters and values of 16 KiB as they are', make, takesLongTexts),
    caseOf('does not mix keys, however alike', make, keepsApart),
    caseOf('keeps many values at once', make, keepsMany),
    caseOf('keeps what is written with a lease', make, keepsWhatIsLeased),
    ...(options.leases === true ? storeLeaseCases(make, time) : []),
  ];
}

const PRINTABLE = Array.from({ length: 95 }, (_, offset) => String.fromCharCode(32 + offset)).join('');
const LONGEST_VALUE = PRINTABLE.repeat(173).slice(0, 16 * 1_024);

const newKey = (): string => `wix-auth:{${randomUUID()}}*?[a-z]_-`.padEnd(64, '0');

async function startsUnknowing(store: TokenStore): Promise<void> {
  equal(await store.get(newKey()), undefined);
}

async function keeps(store: TokenStore): Promise<void> {
  const key = newKey();
  await store.set(key, 'value', LONG_MS);
  equal(await store.get(key), 'value');
  equal(await store.get(key), 'value');
}

async function replaces(store: TokenStore): Promise<void> {
  const key = newKey();
  await store.set(key, 'one', LONG_MS);
  await store.set(key, 'two', LONG_MS);
  equal(await store.get(key), 'two');
}

async function replacesLifetimes(store: TokenStore, time: ContractTime): Promise<void> {
  const [lengthened, shortened] = [newKey(), newKey()];
  await store.set(lengthened, 'one', SHORT_MS);
  await store.set(lengthened, 'two', LONG_MS);
  await store.set(shortened, 'one', LONG_MS);
  await store.set(shortened, 'two', SHORT_MS);
  await time.until('a shortened lifetime ends', async () => (await store.get(shortened)) === undefined);
  equal(await store.get(lengthened), 'two');
}

async function forgets(store: TokenStore): Promise<void> {
  const key = newKey();
  await store.delete(key);
  await store.set(key, 'value', LONG_MS);
  await store.delete(key);
  equal(await store.get(key), undefined);
  await store.delete(key);
}

async function learnsAgain(store: TokenStore): Promise<void> {
  const key = newKey();
  await store.set(key, 'one', LONG_MS);
  await store.delete(key);
  await store.set(key, 'two', LONG_MS);
  equal(await store.get(key), 'two');
}

async function ends(store: TokenStore, time: ContractTime, ttlMs: number): Promise<void> {
  const key = newKey();
  await store.set(key, 'value', ttlMs);
  await time.until('a lifetime ends', async () => (await store.get(key)) === undefined);
}

async function takesLongTexts(store: TokenStore): Promise<void> {
  const key = newKey();
  await store.set(key, LONGEST_VALUE, LONG_MS);
  equal(await store.get(key), LONGEST_VALUE);
}

async function keepsApart(store: TokenStore): Promise<void> {
  const key = newKey();
  const keys = [key, newKey(), key.slice(0, -1), `${key.slice(0, -1)}*`, key.toUpperCase()];
  await Promise.all(keys.map((each, index) => store.set(each, `value ${index}`, LONG_MS)));
  await store.delete(key);
  const values = await Promise.all(keys.map((each) => store.get(each)));
  deepEqual(values, [undefined, 'value 1', 'value 2', 'value 3', 'value 4']);
}

async function keepsMany(store: TokenStore): Promise<void> {
  const keys = Array.from({ length: 500 }, newKey);
  await Promise.all(keys.map((key) => store.set(key, `value of ${key}`, LONG_MS)));
  deepEqual(
    await Promise.all(keys.map((key) => store.get(key))),
    keys.map((key) => `value of ${key}`),
  );
}

async function keepsWhatIsLeased(store: TokenStore): Promise<void> {
  const key = newKey();
  const lease = await store.lease(key, LONG_MS);
  equal(await lease?.set('value', LONG_MS), true);
  equal(await store.get(key), 'value');
  await lease?.release();
  equal(await store.get(key), 'value');
}
