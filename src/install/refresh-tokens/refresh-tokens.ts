import type { OnModuleInit } from '@nestjs/common';

import { AuthEvents } from '../../core/auth-events.js';
import type { WixClock } from '../../core/clock.js';
import { pause } from '../../core/concurrency/pause.js';
import { withTimeout } from '../../core/concurrency/with-timeout.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { InstanceTokenSource } from '../../tokens/instance-token.source.js';
import type { WixAccessToken } from '../../tokens/wix-access-token.js';
import type { OAuthAccessEndpoint } from './oauth-access.endpoint.js';
import type { RefreshTokenStore } from './refresh-token.store.js';
import type { FoundEntry, RefreshTokenVault } from './refresh-token.vault.js';

// A renewal takes one request to Wix; a dead process must not delay the others longer.
const BUSY_MS = 15_000;
const RISK_TIMEOUT_MS = 2_000;
const TIMEOUT_MS = 30_000;
const LOOK_AGAIN_MS = 20;

/** Access tokens from refresh tokens: renewed by one process at a time, since each renewal may use a token up. */
export class RefreshTokens extends InstanceTokenSource implements OnModuleInit {
  readonly #store: RefreshTokenStore;
  readonly #vault: RefreshTokenVault;
  readonly #endpoint: OAuthAccessEndpoint;
  readonly #clock: WixClock;
  readonly #events: AuthEvents;

  constructor(
    store: RefreshTokenStore,
    vault: RefreshTokenVault,
    endpoint: OAuthAccessEndpoint,
    clock: WixClock,
    events = new AuthEvents(),
  ) {
    super();
    this.#events = events;
    this.#store = store;
    this.#vault = vault;
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  /** Warns about a store that may lose refresh tokens. */
  onModuleInit(): void {
    if (this.#store.forgetsOnRestart) this.#events.emit('refreshTokensInMemory', {});
    void this.#reportRisk();
  }

  async #reportRisk(): Promise<void> {
    const risk = await withTimeout(RISK_TIMEOUT_MS, async () => this.#store.risk?.()).catch(() => undefined);
    if (risk !== undefined) this.#events.emit('refreshTokensAtRisk', { risk });
  }

  /** Keeps the refresh token of an installation. It is stored when this resolves. */
  keep(instanceId: WixInstanceId, refreshToken: string): Promise<void> {
    return this.#vault.put(instanceId, refreshToken);
  }

  /** A new access token; `undefined` when there is no refresh token, or Wix calls it dead. */
  override async tokenFor(instanceId: WixInstanceId): Promise<WixAccessToken | undefined> {
    const givenUpMs = performance.now() + TIMEOUT_MS;
    while (performance.now() < givenUpMs) {
      const found = await this.#vault.find(instanceId);
      if (found === undefined) return undefined;
      const mine = this.#isBusy(found) ? undefined : await this.#claim(found);
      const outcome = mine === undefined ? 'taken' : await this.#renew(mine);
      if (outcome !== 'taken') return outcome;
      await pause(LOOK_AGAIN_MS * (1 + Math.random()));
    }
    throw new WixUnavailableError(
      'Another process is renewing the token of this installation and has not finished in time.',
    );
  }

  #isBusy({ busyUntilMs = 0 }: FoundEntry): boolean {
    return busyUntilMs > this.#clock.nowMs();
  }

  #claim(found: FoundEntry): Promise<FoundEntry | undefined> {
    return this.#vault.replace(found, { token: found.token, busyUntilMs: this.#clock.nowMs() + BUSY_MS });
  }

  async #renew(mine: FoundEntry): Promise<WixAccessToken | undefined | 'taken'> {
    const pair = await this.#endpoint.refresh(mine.token).catch(async (error: unknown) => {
      await this.#release(mine).catch(() => undefined);
      throw error;
    });
    // Unusable, unless another process renewed it meanwhile, or the site installed the app anew.
    if (pair === 'refused') return (await this.#release(mine)) === undefined ? 'taken' : undefined;

    // If it was replaced meanwhile, the newer one stays.
    await this.#vault.replaceForSure(mine, { token: pair.refreshToken ?? mine.token, busyUntilMs: undefined });
    return pair.accessToken;
  }

  #release(mine: FoundEntry): Promise<FoundEntry | undefined> {
    return this.#vault.replace(mine, { token: mine.token, busyUntilMs: undefined });
  }
}
