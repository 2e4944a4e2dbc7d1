import { Controller, Get, UseGuards, type Provider } from '@nestjs/common';
import {
  AcceptInstanceQuery,
  WixAuthGuard,
  WixHttpService,
  WixIdentity,
  WixTokenService,
  WixUserAuth,
  type AnyWixIdentity,
  type WixAuthOptions,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';

import { Canary } from './canary.js';
import { MANAGE_CONTRIBUTORS, MANAGE_PRODUCTS, siteWith, type TestSite } from './emulated-site.js';
import { call, startApp, type Platform, type RunningApp } from './running-app.js';

export const APP_SECRET = 'ca4a27ca-5ec2-4e75-9bad-f00dca4a27ca';
export const PRODUCTS = '/stores/v3/products/query';

@Controller()
class CanaryController {
  constructor(
    private readonly tokens: WixTokenService,
    private readonly wix: WixHttpService,
  ) {}

  @Get('anyone')
  @AcceptInstanceQuery()
  @UseGuards(WixAuthGuard)
  anyone(@WixIdentity() identity: AnyWixIdentity) {
    return identity;
  }

  @Get('scoped')
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  scoped() {
    return {};
  }

  @Get('on-behalf')
  @UseGuards(WixAuthGuard)
  onBehalf(@WixIdentity() identity: AnyWixIdentity) {
    return this.tokens.onBehalfOf(identity);
  }

  @Get('copied')
  @UseGuards(WixAuthGuard)
  copied(@WixIdentity() identity: AnyWixIdentity) {
    return this.tokens.onBehalfOf({ ...identity });
  }

  @Get('products')
  @UseGuards(WixAuthGuard)
  async products(@WixIdentity() identity: AnyWixIdentity) {
    const { data } = await lastValueFrom(this.wix.asInstance(identity).get(PRODUCTS));
    return data;
  }
}

/** An application under watch: its secret is marked, and so is every credential it is called with or sends. */
export class CanaryApp {
  readonly canary = new Canary();
  readonly wix: WixEmulator;
  readonly app: EmulatedApp;
  readonly #platform: Platform;

  private constructor(platform: Platform, wix: WixEmulator) {
    this.#platform = platform;
    this.wix = wix;
    this.app = wix.addApp({ appSecret: this.canary.mark('app secret', APP_SECRET) });
    this.canary.listen();
  }

  static async on(platform: Platform): Promise<CanaryApp> {
    return new CanaryApp(platform, await WixEmulator.start());
  }

  /** Starts the application. */
  start(changes: Partial<WixAuthOptions> & { readonly providers?: readonly Provider[] } = {}): Promise<RunningApp> {
    const options = { signedInstance: { header: 'x-wix-instance' }, ...changes };
    const imports = [WixAuthTestingModule.forApp(this.wix, this.app, options)];
    const configure = (nest: RunningApp['app']): void => nest.useLogger(this.canary.logs);
    return startApp(this.#platform, { imports, controllers: [CanaryController] }, { configure });
  }

  async stop(): Promise<void> {
    this.canary.leave();
    await this.wix.stop();
  }

  /** A new site that has the app. */
  site(): TestSite {
    return siteWith(this.wix, this.app, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);
  }

  /** Calls a route with a marked credential, gathers the answer, and tells its status. */
  async get(url: string, credential: string, headers: Record<string, string> = {}): Promise<number> {
    this.canary.mark('presented credential', credential);
    const answer = await call(url, credential, { headers });
    this.canary.observe({ status: answer.status, headers: [...answer.headers], body: answer.body });
    return answer.status;
  }

  /** What leaked since the last time, the addresses asked of Wix included. */
  leaks(): string[] {
    for (const { url, headers } of this.wix.requests) {
      if (typeof headers['authorization'] === 'string') this.canary.mark('token sent to Wix', headers['authorization']);
      this.canary.observe(url);
    }
    return this.canary.leaks();
  }
}
