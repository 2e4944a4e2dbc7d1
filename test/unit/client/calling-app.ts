import { HttpService } from '@nestjs/axios';
import { WixEmulator, type EmulatedInstall, type EmulatedUser, type WixEmulatorOptions } from 'nestjs-wix-auth/testing';

import type { CallParts } from '../../../src/client/sending/call-sender.js';
import { CallWire } from '../../../src/client/sending/call-wire.js';
import type { CallSettings } from '../../../src/client/calls-axios.js';
import { WixHttpService } from '../../../src/client/wix-http.service.js';
import { AppCredentials } from '../../../src/core/app-credentials.js';
import type { KnownInstances } from '../../../src/core/identities/known-instances.js';
import type { PresentedTokens } from '../../../src/core/identities/presented-tokens.js';
import type { WixUserIdentity } from '../../../src/core/identities/wix-identity.js';
import { trustedInstanceId, type TrustedInstance } from '../../../src/core/identities/trusted-instance.js';
import { instanceIdFromWix, type WixInstanceId } from '../../../src/core/identities/wix-instance-id.js';
import { InstanceLimiter } from '../../../src/http/limits/instance-limiter.js';
import { WixAgents } from '../../../src/http/wix-agents.js';
import { WixControlClient } from '../../../src/http/wix-control.client.js';
import { WixDestination } from '../../../src/http/wix-destination.js';
import { TokenStore } from '../../../src/store/token-store.js';
import { CallTokens } from '../../../src/tokens/call-tokens.js';
import { TokenEndpoint } from '../../../src/tokens/token.endpoint.js';
import type { WixTokenService } from '../../../src/tokens/wix-token.service.js';
import { FakeClock } from '../../support/fake-clock.js';
import { tokensFrom } from '../../support/tokens-from.js';

const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';
export const MANAGE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
export const STORE = '/stores/v3/products';
export const PRODUCTS = `${STORE}/query`;
export const MINT = '/oauth2/token';

class ForgetfulTokenStore extends TokenStore {
  override get(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override set(): Promise<void> {
    return Promise.resolve();
  }

  override delete(): Promise<void> {
    return Promise.resolve();
  }
}

export interface CallingOptions extends Partial<CallSettings> {
  readonly onBehalfOf?: 'exchange' | 'forward';
  readonly requestsPerMinute?: number;
  readonly emulator?: WixEmulatorOptions;
}

/** An emulator with one installed app, and the services with which that app calls it. */
export class CallingApp {
  readonly wix: WixEmulator;
  readonly clock: FakeClock;
  readonly install: EmulatedInstall;
  readonly instanceId: WixInstanceId;
  readonly instance: TrustedInstance;
  readonly tokens: WixTokenService;
  readonly callTokens: CallTokens;
  readonly known: KnownInstances;
  /** What every kind of client sends its calls with. */
  readonly parts: CallParts;
  readonly settings: CallSettings;
  readonly http: WixHttpService;
  readonly agents = new WixAgents();
  readonly #presented: PresentedTokens;

  private constructor(wix: WixEmulator, clock: FakeClock, options: CallingOptions) {
    this.wix = wix;
    this.clock = clock;
    const app = wix.addApp();
    this.install = wix.install(app, wix.addSite(), { grants: [READ, MANAGE] });
    this.instanceId = instanceIdFromWix(this.install.instanceId);
    this.instance = trustedInstanceId(this.instanceId);
    const { apiUrl = wix.url, timeoutMs = 30_000, maxResponseBytes = 20_971_520, requestsPerMinute } = options;
    const credentials = new AppCredentials(app.appId, [app.appSecret]);
    const control = new WixControlClient(new HttpService(), this.agents, clock, {
      apiUrl,
      requestTimeoutMs: 5_000,
      maxWaitMs: 10_000,
    });
    const endpoint = new TokenEndpoint(control, credentials, clock);
    const { tokens, appTokens, known, presented } = tokensFrom(
      endpoint,
      new ForgetfulTokenStore(),
      clock,
      options.onBehalfOf,
    );
    this.tokens = tokens;
    this.known = known;
    this.#presented = presented;
    this.callTokens = new CallTokens({ tokens, appTokens, known, clock });
    this.parts = {
      tokens: this.callTokens,
      wire: new CallWire(this.agents.of('calls')),
      agents: this.agents,
      destination: new WixDestination(apiUrl),
      limiter: new InstanceLimiter(requestsPerMinute),
      clock,
    };
    this.settings = { apiUrl, timeoutMs, maxResponseBytes };
    this.http = new WixHttpService(this.parts, this.settings);
  }

  static async start(options: CallingOptions = {}): Promise<CallingApp> {
    const clock = new FakeClock();
    const wix = await WixEmulator.start({ now: () => clock.nowMs(), warn: () => undefined, ...options.emulator });
    return new CallingApp(wix, clock, options);
  }

  /** A Wix user as our guards would have verified them, with the token they came with. */
  verified(user: EmulatedUser, token = this.wix.mint.userToken(this.install, user)): WixUserIdentity {
    const identity: WixUserIdentity = Object.freeze({
      type: 'user',
      appId: this.install.app.appId,
      instanceId: this.instanceId,
      credentialType: 'access-token',
      expiresAt: new Date(this.clock.nowMs() + 4 * 3_600_000),
      userId: user.userId,
      isSiteOwner: user.isOwner,
    });
    this.#presented.remember(this.known.add(identity), token);
    return identity;
  }

  /** How many tokens were obtained. */
  get mints(): number {
    return this.wix.count(MINT);
  }

  async stop(): Promise<void> {
    this.agents.close();
    await this.wix.stop();
  }
}
