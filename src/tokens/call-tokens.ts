import type { WixClock } from '../core/clock.js';
import type { KnownInstances, WixInstanceSource } from '../core/identities/known-instances.js';
import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { AppTokens } from './app-tokens.js';
import type { WixAccessToken } from './wix-access-token.js';
import type { WixTokenService } from './wix-token.service.js';

/** Whose tokens a client's calls carry. */
export interface Caller {
  /** The installation whose quota the calls count against. */
  readonly instanceId: WixInstanceId;
  /** The token to send now. */
  token(): Promise<WixAccessToken>;
}

/** What the tokens of calls come from. */
export interface CallTokenParts {
  readonly tokens: WixTokenService;
  readonly appTokens: AppTokens;
  readonly known: KnownInstances;
  readonly clock: WixClock;
}

const SUPPRESSED_FOR_MS = 60_000;

/** The tokens that calls to Wix carry, and what becomes of one that Wix refused. */
export class CallTokens {
  readonly #parts: CallTokenParts;
  /** New tokens that were refused at once: until when that is not blamed on them, in milliseconds since the epoch. */
  readonly #suppressedUntilMs = new WeakMap<WixAccessToken, number>();

  constructor(parts: CallTokenParts) {
    this.#parts = parts;
  }

  /**
   * The app itself on the site that something opens.
   *
   * @throws {@link WixInstanceNotTrustedError} for what opens none.
   */
  asInstance(source: WixInstanceSource): Caller {
    const instanceId = this.#parts.known.idOf(source);
    return { instanceId, token: () => this.#parts.tokens.accessTokenFor(source) };
  }

  /** The app itself on the site of an id that this library knows to be genuine. Not for what users of it hand in. */
  asInstanceOf(instanceId: WixInstanceId): Caller {
    return { instanceId, token: () => this.#parts.appTokens.of(instanceId) };
  }

  /** The user, member or visitor behind an identity. */
  onBehalfOf(identity: AnyWixIdentity): Caller {
    return { instanceId: identity.instanceId, token: () => this.#parts.tokens.onBehalfOf(identity) };
  }

  /**
   * A new token in place of one that Wix refused, which is dropped; `undefined` when there is none, or when a new one
   * was refused as well a short while ago, so that the reason must be another than the token.
   */
  async replace(refused: WixAccessToken, caller: Caller): Promise<WixAccessToken | undefined> {
    if ((this.#suppressedUntilMs.get(refused) ?? 0) > this.#parts.clock.nowMs()) return undefined;
    await this.#parts.tokens.invalidate(refused);
    const fresh = await caller.token();
    return fresh.value === refused.value ? undefined : fresh;
  }

  /** Records that a new token was refused as well: for a minute it is not dropped, however many calls fail. */
  suppressInvalidation(fresh: WixAccessToken): void {
    this.#suppressedUntilMs.set(fresh, this.#parts.clock.nowMs() + SUPPRESSED_FOR_MS);
  }
}
