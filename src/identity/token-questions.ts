import { createHash } from 'node:crypto';

import type { WixClock } from '../core/clock.js';
import type { SharedValues, SharedWork } from '../store/shared-values.js';
import type { AccessTokenVerifier } from './access-token.verifier.js';
import type { AccessTokenCredential } from './credential.js';
import { sharedFrom, sharedIn, type VerifiedIdentity } from './shared-identity.js';
import type { TokenHint } from './token-hint.js';

/** One question to Wix: whose this token is. */
export interface TokenQuestion {
  readonly credential: AccessTokenCredential;
  readonly hint: TokenHint;
  /** Lets a question through to Wix when there is room for it. */
  readonly admit: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** Until when an answer may be trusted. */
  readonly trustedUntilMs: (verified: VerifiedIdentity) => number;
  /** Whether an answer has not been asked to be forgotten since. */
  readonly isWanted: (verified: VerifiedIdentity) => boolean;
}

/** Puts questions about tokens to Wix, or finds what another process was told. */
export class TokenQuestions {
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
  async ask(question: TokenQuestion): Promise<VerifiedIdentity> {
    const ask = (): Promise<VerifiedIdentity> => this.#ask(question);
    const { instanceId } = question.hint;
    // Forgetting goes by installation; a token that does not name one could not be forgotten elsewhere.
    if (!this.#values.areShared || instanceId === undefined) return question.admit(ask);
    const work = this.#work(question, instanceId.toLowerCase(), ask);
    return (await this.#values.find(work)) ?? question.admit(() => this.#values.obtain(work));
  }

  /** Makes what all processes know of an installation's tokens outdated. */
  forget(instanceId: string): Promise<void> {
    return this.#values.forget(instanceId);
  }

  async #ask({ credential, hint }: TokenQuestion): Promise<VerifiedIdentity> {
    const askedAtMs = this.#clock.nowMs();
    return { identity: await this.#verifier.verify(credential, hint), askedAtMs };
  }

  #work(
    question: TokenQuestion,
    instanceId: string,
    obtain: () => Promise<VerifiedIdentity>,
  ): SharedWork<VerifiedIdentity> {
    return {
      name: createHash('sha256').update(question.credential.text).digest('base64url'),
      instanceId,
      accept: (entry) => {
        const verified = sharedIn(entry, this.#appId, this.#clock.nowMs());
        const isTrusted = verified !== undefined && question.trustedUntilMs(verified) > this.#clock.nowMs();
        return isTrusted && verified.identity.instanceId === instanceId ? verified : undefined;
      },
      obtain,
      entryOf: (verified) => ({ entry: sharedFrom(verified), untilMs: question.trustedUntilMs(verified) }),
      isWanted: (verified) => verified.identity.instanceId === instanceId && question.isWanted(verified),
    };
  }
}
