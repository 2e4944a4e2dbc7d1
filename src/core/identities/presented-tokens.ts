import type { AnyWixIdentity } from './wix-identity.js';

/**
 * The access token each verified identity came with. Stored beside the identities, not on them, so that no log,
 * `JSON.stringify` or spread of an identity can show one; a copy of an identity has none.
 */
export class PresentedTokens {
  readonly #tokens = new WeakMap<AnyWixIdentity, string>();

  /** Remembers the token for as long as the identity object lives. */
  remember(identity: AnyWixIdentity, token: string): void {
    this.#tokens.set(identity, token);
  }

  /** The token this very object came with, if it came with one. */
  of(identity: AnyWixIdentity): string | undefined {
    return this.#tokens.get(identity);
  }
}
