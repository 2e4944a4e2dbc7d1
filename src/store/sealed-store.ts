import type { KeyObject } from 'node:crypto';

import type { AppCredentials } from '../core/app-credentials.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf, parseJson } from '../core/json.js';
import { entryKey, seal, unseal } from './sealer.js';
import { StoreCircuit } from './store-circuit.js';
import type { StoreLease, TokenStore } from './token-store.js';

/** The sole right to obtain what belongs under a name. */
export interface SealedLease {
  /** Keeps the value until a moment, unless the right was lost meanwhile. */
  write(value: unknown, untilMs: number): Promise<void>;

  /** Gives the right back. */
  release(): Promise<void>;
}

/** The mark of a name under each secret; empty where there is none. */
export type Generations = Readonly<Record<string, string>>;

/** Keeps values in a {@link TokenStore}, encrypted and under keys that name app, environment and kind. Never fails. */
export class SealedStore {
  /** Whether other processes see what is kept here. */
  readonly isShared: boolean;
  readonly #store: TokenStore;
  readonly #secrets: readonly KeyObject[];
  readonly #digests: readonly string[];
  readonly #namespace: string;
  readonly #clock: WixClock;
  readonly #circuit: StoreCircuit;

  constructor(store: TokenStore, app: AppCredentials, apiUrl: string, clock: WixClock, circuit = new StoreCircuit()) {
    this.isShared = store.isShared;
    this.#store = store;
    this.#secrets = app.secretKeys;
    this.#digests = app.secretKeys.map(digestOf);
    this.#namespace = JSON.stringify([apiUrl, app.appId]);
    this.#clock = clock;
    this.#circuit = circuit;
  }

  /** The value kept under a name, if there is one and it may still be trusted. */
  async read(name: string): Promise<unknown> {
    for (const secret of this.#secrets) {
      const value = await this.#readWith(secret, name, undefined);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Keeps a JSON value until a moment that stands inside the encryption, whatever the store makes of its lifetime. */
  async write(name: string, value: unknown, untilMs: number): Promise<void> {
    const entry = this.#sealNewest(name, value, untilMs);
    if (entry === undefined) return;
    await this.#circuit.write(() => this.#store.set(entry.key, entry.sealed, entry.ttlMs), undefined);
  }

  /**
   * Marks a name until a moment, under every secret: processes that know one of them only see the mark too. Tried also
   * while the store is left alone.
   */
  async mark(name: string, mark: string, untilMs: number): Promise<void> {
    await Promise.all(this.#secrets.map((secret) => this.#writeAnyway(this.#seal(secret, name, mark, untilMs))));
  }

  /** The marks of a name by secret (a short digest of it), or `undefined` when nobody knows. */
  async generations(name: string): Promise<Generations | undefined> {
    const found = await Promise.all(this.#secrets.map((secret) => this.#readWith(secret, name, FAILED)));
    if (found.includes(FAILED)) return undefined;
    const generations = found.map((mark) => (typeof mark === 'string' ? mark : ''));
    return Object.fromEntries(this.#digests.map((secret, index) => [secret, generations[index] ?? '']));
  }

  /** Forgets a name, also where it was kept under an older secret. */
  async erase(name: string): Promise<void> {
    const keys = this.#secrets.map((secret) => this.#keyOf(secret, name));
    await Promise.all(keys.map((key) => this.#circuit.erase(() => this.#store.delete(key))));
  }

  /**
   * The sole right to obtain what belongs under a name: `'held'` while somebody else has it, unless it is taken over,
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
    // It may come yet, to nobody; others would wait for what it was taken for.
    void taking?.then((late) => late?.release()).catch(() => undefined);
    return 'unavailable';
  }

  async #writeAnyway(entry: SealedEntry | undefined): Promise<void> {
    if (entry !== undefined)
      await this.#circuit.writeAnyway(() => this.#store.set(entry.key, entry.sealed, entry.ttlMs));
  }

  #sealing(lease: StoreLease, name: string): SealedLease {
    return {
      write: async (value, untilMs) => {
        const entry = this.#sealNewest(name, value, untilMs);
        if (entry !== undefined) await this.#circuit.writeAnyway(() => lease.set(entry.sealed, entry.ttlMs));
      },
      release: () => this.#circuit.insist(() => lease.release()),
    };
  }

  async #readWith(secret: KeyObject, name: string, ifFailing: unknown): Promise<unknown> {
    const key = this.#keyOf(secret, name);
    // Somebody else's class: it may well answer `null`, or what another program left under the key.
    const sealed: unknown = await this.#circuit.read(() => this.#store.get(key), FAILED);
    if (sealed === FAILED) return ifFailing;
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

// Tells secrets apart without telling anything about them.
const digestOf = (secret: KeyObject): string => entryKey(secret, 'secret').slice(0, 8);
