import { types } from 'node:util';

import type { WixClock } from '../core/clock.js';
import { WixIdentityExpiredError, WixMisconfiguredError } from '../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../core/wix-identity.js';
import type { WixInstanceId } from '../core/wix-instance-id.js';
import type { WixAccessToken } from './wix-access-token.js';
import type { WixTokenService } from './wix-token.service.js';

/** Whose tokens a client's calls carry. */
export interface Caller {
  /** The installation whose quota the calls count against. */
  readonly instanceId: WixInstanceId;
  /** The token to send now. */
  token(): Promise<WixAccessToken>;
}

const SUPPRESSED_FOR_MS = 60_000;

/** The tokens that calls to Wix carry, and what becomes of one that Wix refused. */
export class CallTokens {
  readonly #tokens: WixTokenService;
  readonly #clock: WixClock;
  /** New tokens that were refused at once: until when that is not blamed on them, in milliseconds since the epoch. */
  readonly #suppressedUntilMs = new WeakMap<WixAccessToken, number>();

  constructor(tokens: WixTokenService, clock: WixClock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** The app itself on the site of an identity, or on one that somebody vouched for. */
  asInstance(who: AnyWixIdentity | WixInstanceId): Caller {
    if (typeof who === 'string') return { instanceId: who, token: () => this.#tokens.accessTokenFor(who) };
    refuseLookalike(who);
    const { instanceId } = who;
    return { instanceId, token: () => this.#tokenBehind(who) };
  }

  /** The user, member or visitor behind an identity. */
  onBehalfOf(identity: AnyWixIdentity): Caller {
    return { instanceId: identity.instanceId, token: () => this.#tokens.onBehalfOf(identity) };
  }

  /**
   * A new token in place of one that Wix refused, which is dropped; `undefined` when there is none, or when a new one
   * was refused as well a short while ago, so that the reason must be another than the token.
   */
  async replace(refused: WixAccessToken, caller: Caller): Promise<WixAccessToken | undefined> {
    if ((this.#suppressedUntilMs.get(refused) ?? 0) > this.#clock.nowMs()) return undefined;
    await this.#tokens.invalidate(refused);
    const fresh = await caller.token();
    return fresh.value === refused.value ? undefined : fresh;
  }

  /** Tells that a new token was refused as well: for a minute it is not dropped, however many calls it fails. */
  suppressInvalidation(fresh: WixAccessToken): void {
    this.#suppressedUntilMs.set(fresh, this.#clock.nowMs() + SUPPRESSED_FOR_MS);
  }

  async #tokenBehind({ expiresAt, instanceId }: AnyWixIdentity): Promise<WixAccessToken> {
    if (expiresAt.getTime() > this.#clock.nowMs()) return this.#tokens.accessTokenFor(instanceId);
    throw new WixIdentityExpiredError('The credential of this identity has expired since it was verified.');
  }
}

// Types end where `any` begins: the JSON of a request must not choose the site that the app acts on.
function refuseLookalike(identity: AnyWixIdentity): void {
  if (types.isDate(identity.expiresAt)) return;
  throw new WixMisconfiguredError(
    'Only an identity that WixAuthModule verified opens a site, not something that looks like one. For an instance id ' +
      'from a place you trust, use trustedInstanceId().',
  );
}
