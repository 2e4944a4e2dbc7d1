import type { KnownInstances } from '../../core/identities/known-instances.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import type { SignedTokenRules, SignedTokenVerifier } from '../../signed-requests/signed-token.verifier.js';
import type { SdkEnvelopes } from '../envelopes/sdk-envelopes.js';
import { eventKey } from './event-key.js';
import { readEvent } from './read-event.js';
import type { WixDomainEvent } from './wix-event.js';

/** An event that Wix signed. */
export interface VerifiedEvent {
  readonly event: WixDomainEvent;
  /** The key that identifies it. */
  readonly key: string;
}

const HOUR_MS = 3_600_000;
// Wix resends an event for 47 hours, and it is not known whether it signs each resend anew.
const RECEIVED: SignedTokenRules = { maxAgeMs: 72 * HOUR_MS, required: [] };
// Its age was checked when it was received. The time in a queue does not count.
const STORED: SignedTokenRules = { maxAgeMs: 'any', required: [] };

/** How long finished work must be remembered: no webhook is accepted for longer. */
export const KEEP_DONE_MS = 96 * HOUR_MS;

/** What the texts that Wix signs come to. */
export class VerifiedEvents {
  readonly #verifier: SignedTokenVerifier;
  readonly #known: KnownInstances;
  readonly #envelopes: SdkEnvelopes;
  readonly #maxDepth: number;

  constructor(verifier: SignedTokenVerifier, known: KnownInstances, envelopes: SdkEnvelopes, maxDepth: number) {
    if (!verifier.hasKeys) {
      throw new WixMisconfiguredError(
        'Webhooks cannot be verified: give WixAuthModule the publicKey from the app dashboard (Webhooks page).',
      );
    }
    this.#verifier = verifier;
    this.#known = known;
    this.#envelopes = envelopes;
    this.#maxDepth = maxDepth;
  }

  /** The event in a text that was just received. @throws a `WixAuthError` when the signature, the date or the event does not hold. */
  received(signedText: string): VerifiedEvent {
    return this.#verified(signedText, RECEIVED);
  }

  /** The event in a text that was received before, however long ago. @throws a `WixAuthError` like {@link received}. */
  stored(signedText: string): VerifiedEvent {
    return this.#verified(signedText, STORED);
  }

  #verified(signedText: string, rules: SignedTokenRules): VerifiedEvent {
    const claims = this.#verifier.verify(signedText, rules);
    const event = this.#known.add(readEvent(claims, this.#maxDepth));
    this.#envelopes.remember(event, claims);
    return { event, key: eventKey(this.#verifier.appId, event, claims) };
  }
}
