import type { AuthEvents } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { Traces } from '../diagnostics/traces.js';
import type { Sharing } from '../store/sharing.js';
import { NoInstanceTokenSource, type InstanceTokenSource } from './instance-token.source.js';
import type { RenewalSettings } from './renewal-windows.js';
import { TokenCache, type AccessTokenOptions } from './token-cache.js';
import type { TokenEndpoint } from './token.endpoint.js';
import type { WixAccessToken } from './wix-access-token.js';

/** The app's tokens by installation, for ids that are known to be genuine. */
export class AppTokens {
  readonly #endpoint: TokenEndpoint;
  readonly #source: InstanceTokenSource;
  readonly #cache: TokenCache;

  constructor(
    endpoint: TokenEndpoint,
    sharing: Sharing,
    clock: WixClock,
    settings: RenewalSettings,
    source: InstanceTokenSource = new NoInstanceTokenSource(),
    traces?: Traces,
    events?: AuthEvents,
  ) {
    this.#endpoint = endpoint;
    this.#source = source;
    this.#cache = new TokenCache('app', sharing, clock, { ...settings, areNamedByInstance: true }, traces, events);
  }

  /** The token on one site: cached, or obtained now. */
  of(instanceId: WixInstanceId, options?: AccessTokenOptions): Promise<WixAccessToken> {
    return (
      (options === undefined ? this.#cache.atHand(instanceId) : undefined) ??
      this.#cache.take(instanceId, () => this.#mint(instanceId), options)
    );
  }

  /** Drops exactly this token. */
  drop(token: WixAccessToken): Promise<void> {
    return this.#cache.drop(token);
  }

  /** Drops everything cached for an installation, including refusals. */
  forget(instanceId: WixInstanceId): Promise<void> {
    return this.#cache.forget(instanceId);
  }

  async #mint(instanceId: WixInstanceId): Promise<WixAccessToken> {
    return (await this.#source.tokenFor(instanceId)) ?? this.#endpoint.mint(instanceId);
  }
}
