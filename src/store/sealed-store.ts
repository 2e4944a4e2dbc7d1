import type { KeyObject } from 'node:crypto';

import type { AppCredentials } from '../core/app-credentials.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf, parseJson } from '../core/values/json.js';
import type { TimeBudget } from '../core/concurrency/with-timeout.js';
import { entryKey, seal, unseal } from './sealer.js';
import { StoreBudget, StoreCircuit } from './store-circuit.js';
import type { FoundOrLeased, StoreLease, TokenStore } from './token-store.js';

/** The exclusive right to obtain the value of a name. */
export interface SealedLease {
  /** Stores the value until a given time, unless the lease was lost meanwhile. */
  write(value: unknown, untilMs: number): Promise<void>;

  /** The same, and releases the lease, in one round trip. */
  writeAndRelease(value: unknown, untilMs: number, budget?: TimeBudget): Promise<void>;

  /** Releases the lease. */
  release(budget?: TimeBudget): Promise<void>;
}

/** What {@link SealedStore.readOrLease} found: the value of a name, or the right to obtain it. */
export interface ReadOrLeased {
  /** `undefined` when there is none, or it cannot be read. */
  readonly value: unknown;
  /** The value as stored: to be passed back when it is not acceptable. */
  readonly sealed: string | undefined;
  /** `undefined` where there is a value under the newest secret, whether or not it will do. */
  readonly lease: SealedLease | 'held' | 'unavailable' | undefined;
}

/** The mark of a name under each secret; empty where there is none. */
export type Generations = Readonly<Record<string, string>>;

/** Keeps values in a {@link TokenStore}, encrypted and under keys that name app, environment and kind. Never fails. */
export class SealedStore {
  /** Whether other processes see the values of this store. */
  readonly isShared: boolean;
  readonly #store: TokenStore;
  readonly #secrets: readonly KeyObject[];
  readonly #digests: readonly string[];
  readonly #namespace: string;
  readonly #clock: WixClock;
  readonly #circuit: StoreCircuit;
  /** How to release the leases that are held. */
  readonly #leases = new Set<() => Promise<void>>();

  constructor(store: TokenStore, app: AppCredentials, apiUrl: string, clock: WixClock, circuit = new StoreCircuit()) {
    this.isShared = store.isShared;
    this.#store = store;
    this.#secrets = app.secretKeys;
    this.#digests = app.secretKeys.map(digestOf);
    this.#namespace = JSON.stringify([apiUrl, app.appId]);
    this.#clock = clock;
    this.#circuit = circuit;
  }

  /** The value stored under a name, if there is one that still counts. */
  async read(name: string): Promise<unknown> {
    for (const secret of this.#secrets) {
      const value = await this.#readWith(secret, name, undefined);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Keeps a JSON value until a moment that stands inside the encryption, whatever the store makes of its lifetime. */
  async write(name: string, value: unknown, untilMs: number, budget?: TimeBudget): Promise<void> {
    const entry = this.#sealNewest(name, value, untilMs);
    if (entry === undefined) return;
    await this.#circuit.write(() => this.#store.set(entry.key, entry.sealed, entry.ttlMs), undefined, budget);
  }

  /**
   * Marks a name until a moment, under every secret: processes that know one of them only see the mark too. Tried also
   * while the store is left alone.
   *
   * @returns the marks as they are to be found then.
   */
  async mark(name: string, mark: string, untilMs: number): Promise<Generations> {
    await Promise.all(this.#secrets.map((secret) => this.#writeAnyway(this.#seal(secret, name, mark, untilMs))));
    return Object.fromEntries(this.#digests.map((secret) => [secret, mark]));
  }

  /** The marks of a name by secret (a short digest of it), or `undefined` when they are unknown. */
  async generations(name: string, budget?: TimeBudget): Promise<Generations | undefined> {
    const found = await Promise.all(this.#secrets.map((secret) => this.#readWith(secret, name, FAILED, budget)));
    if (found.includes(FAILED)) return undefined;
    const generations = found.map((mark) => (typeof mark === 'string' ? mark : ''));
    return Object.fromEntries(this.#digests.map((secret, index) => [secret, generations[index] ?? '']));
  }

  /** Forgets a name, also where it was stored under an older secret. */
  async erase(name: string): Promise<void> {
    const keys = this.#secrets.map((secret) => this.#keyOf(secret, name));
    await Promise.all(keys.map((key) => this.#circuit.erase(() => this.#store.delete(key))));
  }

  /**
   * The sole right to obtain what belongs under a name: `'held'` while another process has it, unless it is taken over,
   * and `'unavailable'` when the store cannot tell.
   */
  async lease(name: string, ttlMs: number, takeOver = false): Promise<SealedLease | 'held' | 'unavailable'> {
    const [secret] = this.#secrets;
    if (secret === undefined) return 'unavailable';
    const key = this.#keyOf(secret, name);
    let taking: Promise<StoreLease | undefined> | undefined;
    const take = (): Promise<StoreLease | undefined> => (taking = this.#store.lease(key, Math.ceil(ttlMs), takeOver));
    const lease = await this.#circuit.lease(take, 'unavailable' as const);
    if (lease !== 'unavailable') return lease === undefined ? 'held' : this.#sealing(lease, name);
    releaseLate(taking);
    return 'unavailable';
  }

  /**
   * The value of a name, or else the sole right to obtain it: in one trip, where the store can.
   *
   * @param useless a value as the store has it that will not do: it counts as none.
   */
  async readOrLease(name: string, ttlMs: number, useless?: string, budget?: TimeBudget): Promise<ReadOrLeased> {
    const [newest, ...older] = this.#secrets;
    if (newest === undefined) return { value: undefined, sealed: undefined, lease: 'unavailable' };
    const [found, ...others] = await Promise.all([
      this.#readOrLeaseWith(newest, name, ttlMs, useless, budget),
      ...older.map((secret) => this.#readWith(secret, name, undefined, budget)),
    ]);
    return { ...found, value: found.value ?? others.find((value) => value !== undefined) };
  }

  async #readOrLeaseWith(
    secret: KeyObject,
    name: string,
    ttlMs: number,
    useless: string | undefined,
    budget = new StoreBudget(),
  ): Promise<ReadOrLeased> {
    const key = this.#keyOf(secret, name);
    let taking: Promise<FoundOrLeased> | undefined;
    const take = (): Promise<FoundOrLeased> => (taking = this.#store.getOrLease(key, Math.ceil(ttlMs), useless));
    const found = await this.#circuit.lease(take, FAILED, budget);
    if (found === FAILED) {
      releaseLate(taking?.then((late) => ('lease' in late ? late.lease : undefined)));
      // A store that gives no leases, or is full, may still be read.
      const value = await this.#readWith(secret, name, undefined, budget);
      return { value, sealed: undefined, lease: 'unavailable' };
    }
    if ('value' in found) {
      return { value: this.#opened(secret, key, found.value), sealed: found.value, lease: undefined };
    }
    const lease = found.lease === 'held' ? found.lease : this.#sealing(found.lease, name);
    return { value: undefined, sealed: undefined, lease };
  }

  /** Releases all leases of this process, so that others need not wait for them to expire. */
  async releaseLeases(): Promise<void> {
    await Promise.all([...this.#leases].map((release) => release()));
  }

  async #writeAnyway(entry: SealedEntry | undefined): Promise<void> {
    if (entry !== undefined)
      await this.#circuit.writeAnyway(() => this.#store.set(entry.key, entry.sealed, entry.ttlMs));
  }

  #sealing(lease: StoreLease, name: string): SealedLease {
    const release = async (budget?: TimeBudget): Promise<void> => {
      await this.#circuit.insist(() => lease.release(), budget);
      this.#leases.delete(release);
    };
    this.#leases.add(release);
    return {
      write: async (value, untilMs) => {
        const entry = this.#sealNewest(name, value, untilMs);
        if (entry !== undefined) await this.#circuit.writeAnyway(() => lease.set(entry.sealed, entry.ttlMs));
      },
      writeAndRelease: async (value, untilMs, budget) => {
        const entry = this.#sealNewest(name, value, untilMs);
        if (entry === undefined) return release(budget);
        await this.#circuit.writeAnyway(() => setAndRelease(lease, entry), budget);
        this.#leases.delete(release);
      },
      release,
    };
  }

  async #readWith(secret: KeyObject, name: string, ifFailing: unknown, budget?: TimeBudget): Promise<unknown> {
    const key = this.#keyOf(secret, name);
    const sealed: unknown = await this.#circuit.read(() => this.#store.get(key), FAILED, budget);
    return sealed === FAILED ? ifFailing : this.#opened(secret, key, sealed);
  }

  // A store may be the app's own class: it may well answer `null`, or what another program left under the key.
  #opened(secret: KeyObject, key: string, sealed: unknown): unknown {
    const entry = typeof sealed === 'string' ? parseJson(unseal(secret, key, sealed) ?? '') : undefined;
    if (!isJsonObject(entry)) return undefined;
    return (numberOf(entry, 'untilMs') ?? 0) > this.#clock.nowMs() ? entry['value'] : undefined;
  }

  #sealNewest(name: string, value: unknown, untilMs: number): SealedEntry | undefined {
    const [secret] = this.#secrets;
    return secret && this.#seal(secret, name, value, untilMs);
  }

  #seal(secret: KeyObject, name: string, value: unknown, untilMs: number): SealedEntry | undefined {
    const ttlMs = untilMs - this.#clock.nowMs();
    if (ttlMs <= 0) return undefined;
    const key = this.#keyOf(secret, name);
    // Rounded up for stores that take whole milliseconds only.
    return { key, sealed: seal(secret, key, JSON.stringify({ value, untilMs })), ttlMs: Math.ceil(ttlMs) };
  }

  #keyOf(secret: KeyObject, name: string): string {
    return `wix-auth:${entryKey(secret, `${this.#namespace}${name}`)}`;
  }
}

interface SealedEntry {
  readonly key: string;
  readonly sealed: string;
  readonly ttlMs: number;
}

const FAILED = Symbol('failed');

async function setAndRelease(lease: StoreLease, { sealed, ttlMs }: SealedEntry): Promise<void> {
  if (lease.setAndRelease !== undefined) {
    await lease.setAndRelease(sealed, ttlMs);
    return;
  }
  await lease.set(sealed, ttlMs);
  await lease.release();
}

// It may still be granted, unused; others would wait for what it was taken for.
function releaseLate(taking: Promise<StoreLease | 'held' | undefined> | undefined): void {
  taking?.then((late) => (late === 'held' ? undefined : late?.release())).catch(() => undefined);
}

// Identifies a secret without revealing it.
const digestOf = (secret: KeyObject): string => entryKey(secret, 'secret').slice(0, 8);
