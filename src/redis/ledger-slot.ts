import type { KeyObject } from 'node:crypto';

import { entryKey, seal, unseal } from '../store/sealer.js';

/** Where one secret of an app keeps what became of one piece of work, encrypted under a name that tells nothing. */
export class LedgerSlot {
  /** The name of the entry. */
  readonly name: string;
  readonly #secret: KeyObject;

  /** @param app tells apart the apps, and the environments of one, that share a Redis. */
  constructor(secret: KeyObject, app: string, key: string) {
    this.#secret = secret;
    this.name = `wix-auth:${entryKey(secret, JSON.stringify([app, 'events', key]))}`;
  }

  /** The entry that says so. It opens under no other name. */
  seal(state: string): string {
    return seal(this.#secret, this.name, state);
  }

  /** What an entry says; `undefined` when it was not written here. */
  open(entry: unknown): string | undefined {
    return typeof entry === 'string' ? unseal(this.#secret, this.name, entry) : undefined;
  }
}

/** The state of work that is done. */
export const DONE = 'done';

/** The state of work that is a claimant's. */
export const claimedBy = (claimant: string): string => `by:${claimant}`;
