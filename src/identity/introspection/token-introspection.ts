import { digestOf } from '../../core/digest.js';
import type { WixClock } from '../../core/clock.js';
import type { SharedValues, SharedWork } from '../../store/shared-values.js';
import type { AccessTokenVerifier } from './access-token.verifier.js';
import type { AccessTokenCredential } from '../credential.js';
import { isRefusal } from '../caches/refused-tokens.js';
import { sharedFrom, sharedIn, type VerifiedIdentity } from '../caches/shared-identity.js';
import type { UnverifiedClaims } from './unverified-claims.js';

/** One question to Wix: whose token this is. */
export interface TokenIntrospectionRequest {
  readonly credential: AccessTokenCredential;
  readonly unverifiedClaims: UnverifiedClaims;
  /** Whether the token was good before. */
  readonly lane: 'introspection' | 'reverification';
  /** Lets a request through to Wix when there is room for it. */
  readonly admit: <Answer>(introspect: () => Promise<Answer>) => Promise<Answer>;
  /** Until when an answer may be trusted. */
  readonly trustedUntilMs: (verified: VerifiedIdentity) => number;
  /** Until when it may be trusted while Wix cannot be asked. */
  readonly staleUntilMs: (verified: VerifiedIdentity) => number;
  /** Whether an answer has not been asked to be forgotten since. */
  readonly isStillValid: (verified: VerifiedIdentity) => boolean;
}

/** An answer, and who gave it. */
export interface Introspected {
  readonly verified: VerifiedIdentity;
  readonly from: 'store' | 'wix';
}

/** Asks Wix about tokens, or finds what another process was told. */
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
  async introspect(request: TokenIntrospectionRequest): Promise<Introspected> {
    let from: Introspected['from'] = 'store';
    const introspect = (): Promise<VerifiedIdentity> => {
      from = 'wix';
      return this.#admitted(request, () => this.#introspect(request));
    };
    // Admitted only when no other process has the answer: a shared answer takes no room.
    const verified = await (this.isShared(request) ? this.#obtain(request, introspect) : introspect());
    return { verified, from };
  }

  /** Whether what is known of this token is shared with other processes. */
  isShared({ unverifiedClaims }: Pick<TokenIntrospectionRequest, 'unverifiedClaims'>): boolean {
    // Forgetting goes by installation; a token that does not name one could not be forgotten elsewhere.
    return this.#values.areShared && unverifiedClaims.instanceId !== undefined;
  }

  /**
   * What any process knew of a token, for while Wix cannot be asked. The store tells whether it was forgotten since:
   * this process may have missed the message. `undefined` while the store does not answer.
   */
  async findStale(request: TokenIntrospectionRequest): Promise<VerifiedIdentity | undefined> {
    const work = this.#work(request, neverObtained);
    return this.#values.find({ ...work, accept: (entry) => this.#accepted(request, entry, request.staleUntilMs) });
  }

  /** Makes what all processes know of an installation's tokens outdated. */
  forget(instanceId: string): Promise<void> {
    return this.#values.forget(instanceId);
  }

  // A "no" deletes the stored entry for all processes. Only where there is one: strangers must not make us write.
  async #obtain(
    request: TokenIntrospectionRequest,
    obtain: () => Promise<VerifiedIdentity>,
  ): Promise<VerifiedIdentity> {
    const work = this.#work(request, obtain);
    const found: unknown[] = [];
    try {
      return await this.#values.obtain({
        ...work,
        accept: (entry) => {
          found.push(entry);
          return work.accept(entry);
        },
      });
    } catch (error) {
      if (found.length > 0 && isRefusal(error)) await this.#values.erase(work.name);
      throw error;
    }
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

  #work(request: TokenIntrospectionRequest, obtain: () => Promise<VerifiedIdentity>): SharedWork<VerifiedIdentity> {
    const instanceId = instanceIn(request);
    return {
      name: digestOf(request.credential.text),
      instanceId,
      accept: (entry) => this.#accepted(request, entry, request.trustedUntilMs),
      obtain,
      entryOf: (verified) => ({ entry: sharedFrom(verified), untilMs: request.staleUntilMs(verified) }),
      isStillValid: (verified) => verified.identity.instanceId === instanceId && request.isStillValid(verified),
    };
  }

  #accepted(
    request: TokenIntrospectionRequest,
    entry: unknown,
    untilMs: (verified: VerifiedIdentity) => number,
  ): VerifiedIdentity | undefined {
    const verified = sharedIn(entry, this.#appId, this.#clock.nowMs());
    const isTrusted = verified !== undefined && untilMs(verified) > this.#clock.nowMs();
    return isTrusted && verified.identity.instanceId === instanceIn(request) ? verified : undefined;
  }
}

const instanceIn = ({ unverifiedClaims }: TokenIntrospectionRequest): string | undefined =>
  unverifiedClaims.instanceId?.toLowerCase();

const neverObtained = (): Promise<never> => Promise.reject(new Error('Stale values are only looked up.'));
