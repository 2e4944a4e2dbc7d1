import { createHash } from 'node:crypto';

import type { WixClock } from '../core/clock.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';
import type { AccessTokenVerifier } from './access-token.verifier.js';
import type { AccessTokenCredential } from './credential.js';
import { sharedFrom, sharedIn, type VerifiedIdentity } from './shared-identity.js';
import type { UnverifiedClaims } from './unverified-claims.js';

/** One question to Wix: whose this token is. */
export interface TokenIntrospectionRequest {
  readonly credential: AccessTokenCredential;
  readonly unverifiedClaims: UnverifiedClaims;
  /** Whether the token was good before. */
  readonly lane: 'introspection' | 'reverification';
  /** Lets a request through to Wix when there is room for it. */
  readonly admit: <Answer>(introspect: () => Promise<Answer>) => Promise<Answer>;
  /** Until when an answer may be trusted. */
  readonly trustedUntilMs: (verified: VerifiedIdentity) => number;
  /** Whether an answer has not been asked to be forgotten since. */
  readonly isStillValid: (verified: VerifiedIdentity) => boolean;
}

/** Puts questions about tokens to Wix, or finds what another process was told. */
export class TokenIntrospection {
  readonly #verifier: AccessTokenVerifier;
  readonly #values: SharedValues;
  readonly #clock: WixClock;
  readonly #appId: string;

  constructor(verifier: AccessTokenVerifier, values: SharedValues, clock: WixClock, appId: string) {
    this.#verifier = verifier;
    this.#values = values;
    this.#clock = clock;
    this.#appId = appId;
  }

  /** Whose token it is. Refusals are not shared: strangers must not fill the store. */
  async introspect(request: TokenIntrospectionRequest): Promise<VerifiedIdentity> {
    const introspect = (): Promise<VerifiedIdentity> => this.#introspect(request);
    const instanceId = request.unverifiedClaims.instanceId?.toLowerCase();
    // Forgetting goes by installation; a token that does not name one could not be forgotten elsewhere.
    if (!this.#values.areShared || instanceId === undefined) return this.#admitted(request, introspect);
    // Admitted only when no other process knows: what is known anywhere takes no room.
    const work = this.#work(request, instanceId, () => this.#admitted(request, introspect));
    return this.#values.obtain(work);
  }

  /** Makes what all processes know of an installation's tokens outdated. */
  forget(instanceId: string): Promise<void> {
    return this.#values.forget(instanceId);
  }

  #admitted<Answer>(request: TokenIntrospectionRequest, introspect: () => Promise<Answer>): Promise<Answer> {
    const { lane, unverifiedClaims } = request;
    this.#verifier.refuseEarly({ lane, instanceId: unverifiedClaims.instanceId?.toLowerCase() });
    return request.admit(introspect);
  }

  async #introspect({ credential, unverifiedClaims, lane }: TokenIntrospectionRequest): Promise<VerifiedIdentity> {
    const requestedAtMs = this.#clock.nowMs();
    return { identity: await this.#verifier.verify(credential, unverifiedClaims, lane), requestedAtMs };
  }

  #work(
    request: TokenIntrospectionRequest,
    instanceId: string,
    obtain: () => Promise<VerifiedIdentity>,
  ): SharedWork<VerifiedIdentity> {
    return {
      name: createHash('sha256').update(request.credential.text).digest('base64url'),
      instanceId,
      accept: (entry) => {
        const verified = sharedIn(entry, this.#appId, this.#clock.nowMs());
        const isTrusted = verified !== undefined && request.trustedUntilMs(verified) > this.#clock.nowMs();
        return isTrusted && verified.identity.instanceId === instanceId ? verified : undefined;
      },
      obtain,
      entryOf: (verified) => ({ entry: sharedFrom(verified), untilMs: request.trustedUntilMs(verified) }),
      isStillValid: (verified) => verified.identity.instanceId === instanceId && request.isStillValid(verified),
    };
  }
}
