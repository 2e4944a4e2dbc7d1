import { Controller, Get } from '@nestjs/common';
import { productsV3 } from '@wix/stores';
import { WixIdentity, WixUserAuth, type WixUserIdentity } from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { READ_PRODUCTS, siteWith, TOKEN } from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

const PRODUCTS = '/stores/v3/products/query';
const ECHO = 'https://www.wixapis.com/emulator/echo';
const TENANTS = 20;
const CALLS = 10;

@Controller('catalog')
class CatalogController {
  constructor(private readonly sdk: WixSdkClientFactory) {}

  /** What the site sells, and the two tokens that Wix got: the app's and the user's. */
  @Get()
  @WixUserAuth()
  async catalog(@WixIdentity() user: WixUserIdentity) {
    const asApp = await this.sdk.asInstance(user, { productsV3 });
    const asUser = await this.sdk.onBehalfOf(user, { productsV3 });
    const [{ items }, app, own] = await Promise.all([
      asApp.productsV3.queryProducts().find(),
      asApp.fetchWithAuth(ECHO),
      asUser.fetchWithAuth(ECHO),
    ]);
    return { names: items.map(({ name }) => name), tokens: await Promise.all([app, own].map(sentToken)) };
  }
}

async function sentToken(echo: Response): Promise<unknown> {
  const { headers } = (await echo.json()) as { readonly headers: { readonly authorization?: string } };
  return headers.authorization;
}

describe.each(platforms)('Concurrent SDK calls for many sites, on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app)],
      controllers: [CatalogController],
    });
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  it('carry the tokens of their own site and caller, and mint one of each', async () => {
    const tenants = Array.from({ length: TENANTS }, (_, number) => {
      const site = siteWith(wix, app, READ_PRODUCTS);
      site.site.addProduct({ name: `Mug of ${String(number)}` });
      return { ...site, name: `Mug of ${String(number)}`, token: site.ownerToken() };
    });
    // Each round asks for every tenant in turn, so that the calls of one are apart and all are under way together.
    const rounds = Array.from({ length: CALLS }, () => tenants).flat();
    const answers = await Promise.all(
      rounds.map(async ({ name, token }) => ({ name, answer: await call(`${running.url}/catalog`, token) })),
    );

    const tokensOf = new Map<string, Set<string>>();
    for (const { name, answer } of answers) {
      const { names, tokens } = answer.body as { readonly names: string[]; readonly tokens: string[] };
      expect({ status: answer.status, names }).toEqual({ status: 200, names: [name] });
      tokensOf.set(name, new Set([...(tokensOf.get(name) ?? []), ...tokens]));
    }
    expect([...tokensOf.values()].map(({ size }) => size)).toEqual(Array.from({ length: TENANTS }, () => 2));
    expect(new Set([...tokensOf.values()].flatMap((tokens) => [...tokens])).size).toBe(2 * TENANTS);
    expect(wix.count(PRODUCTS)).toBe(TENANTS * CALLS);
    expect(wix.count(TOKEN)).toBe(2 * TENANTS);
  });

  it('reach Wix with the token of the site they are for', () => {
    const senders = wix.requests
      .filter(({ path }) => path === PRODUCTS)
      .map(({ headers }) => String(headers['authorization']));
    const counts = [...new Set(senders)].map((token) => senders.filter((each) => each === token).length);
    expect(counts).toEqual(Array.from({ length: TENANTS }, () => CALLS));
  });
});
