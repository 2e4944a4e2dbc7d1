import { Body, Controller, Get, Injectable, Post, Query } from '@nestjs/common';
import {
  OnWixEvent,
  WixGrantsService,
  WixHttpService,
  WixIdentity,
  WixIdentityService,
  WixInstallService,
  WixInstanceAuth,
  WixTokenService,
  trustedInstanceId,
  type AnyWixIdentity,
  type WixEvent,
  type WixInstanceId,
  type WixInstanceSource,
} from 'nestjs-wix-auth';
import { WixSdkClientFactory, wixInstanceAuth } from 'nestjs-wix-auth/sdk';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { codeOf } from '../support/code-of.js';
import { READ_PRODUCTS, siteWith, TOKEN } from '../support/emulated-site.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

const PATH = '/apps/v1/instance';

/** Everything that opens a site, by name. */
@Injectable()
class Openers {
  readonly all: Readonly<Record<string, (source: WixInstanceSource) => Promise<unknown>>>;

  constructor(
    http: WixHttpService,
    tokens: WixTokenService,
    grants: WixGrantsService,
    sdk: WixSdkClientFactory,
    installs: WixInstallService,
  ) {
    this.all = {
      'WixHttpService.asInstance': async (source) => (await firstValueFrom(http.asInstance(source).get(PATH))).data,
      'WixTokenService.accessTokenFor': async (source) => ({ token: String(await tokens.accessTokenFor(source)) }),
      'WixGrantsService.appGrants': async (source) => [...(await grants.appGrants(source)).ids],
      'WixSdkClientFactory.asInstance': async (source) => {
        const { fetchWithAuth } = await sdk.asInstance(source);
        return (await fetchWithAuth(`https://www.wixapis.com${PATH}`)).json();
      },
      wixInstanceAuth: async (source) => wixInstanceAuth(tokens, source).getAuthHeaders(undefined),
      'WixInstallService.instanceOf': (source) => installs.instanceOf(source),
      'WixInstallService.finishConfiguration': (source) => installs.finishConfiguration(source),
    };
  }
}

@Injectable()
class Events {
  readonly opened: unknown[] = [];

  constructor(private readonly openers: Openers) {}

  @OnWixEvent('AppInstalled')
  async installed(event: WixEvent<'AppInstalled'>): Promise<void> {
    for (const open of Object.values(this.openers.all)) this.opened.push(await codeOf(() => open(event)));
    for (const copy of [{ ...event }, JSON.parse(JSON.stringify(event)), event.instanceId]) {
      for (const open of Object.values(this.openers.all)) this.opened.push(await codeOf(() => open(copy as never)));
    }
  }
}

/** A controller whose author told the compiler that everything is fine. */
@Controller()
class CarelessController {
  constructor(
    private readonly wix: WixHttpService,
    private readonly openers: Openers,
  ) {}

  @Get('by-query')
  @WixInstanceAuth({ allow: ['visitor'] })
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what this is about
  byQuery(@Query() query: any) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-argument
    return this.wix.asInstance(query.instanceId).get(PATH);
  }

  @Post('by-body')
  @WixInstanceAuth({ allow: ['visitor'] })
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what this is about
  byBody(@Body() body: any) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-argument
    return this.wix.asInstance(body).get(PATH);
  }

  @Get('by-identity')
  @WixInstanceAuth({ allow: ['visitor'] })
  async byIdentity(@WixIdentity() caller: AnyWixIdentity) {
    const opened: Record<string, unknown> = {};
    for (const [name, open] of Object.entries(this.openers.all)) opened[name] = await codeOf(() => open(caller));
    return opened;
  }
}

describe.each(platforms)('A trusted instance, on %s', (platform) => {
  const realFetch = globalThis.fetch;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  const start = () =>
    startApp(platform, {
      imports: [WixAuthTestingModule.forApp(wix, app, { webhooks: {}, install: { publicUrl: 'https://app.test' } })],
      controllers: [CarelessController],
      providers: [Openers, Events],
    });
  const openers = () => Object.entries(running.app.get(Openers).all);
  const installed = () => siteWith(wix, app, READ_PRODUCTS, 'WIX_DEVELOPERS.SEND_BI_EVENTS');

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await start();
  });
  beforeEach(() => wix.resetLog());
  afterEach(() => {
    globalThis.fetch = realFetch;
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  it('is not a string from a request, whatever the types say', async () => {
    const token = installed().visitorToken();
    const { instanceId } = siteWith(wix, app, READ_PRODUCTS).install;
    const answer = await call(`${running.url}/by-query?instanceId=${instanceId}`, token);
    expect(answer).toMatchObject({ status: 500, body: { code: 'WIX_INSTANCE_NOT_TRUSTED' } });
    expect(JSON.stringify(answer.body)).not.toContain(instanceId);
    expect(wix.count(TOKEN)).toBe(0);
  });

  it('is not a body that looks like an identity, an event, an installation or a trusted id', async () => {
    const token = installed().visitorToken();
    const { instanceId } = siteWith(wix, app, READ_PRODUCTS).install;
    const expiresAt = '2100-01-01T00:00:00.000Z';
    for (const forged of [
      { type: 'app', appId: app.appId, instanceId, credentialType: 'access-token', expiresAt },
      { type: 'AppInstalled', instanceId, issuedAt: expiresAt, data: {} },
      { flow: 'external', instanceId, proven: true },
      { 'Symbol(nestjs-wix-auth/trusted-instance@1)': instanceId, 'nestjs-wix-auth/trusted-instance@1': instanceId },
      { __proto__: { instanceId }, instanceId },
      [instanceId],
    ]) {
      const init = { method: 'POST', body: JSON.stringify(forged), headers: { 'content-type': 'application/json' } };
      expect(await call(`${running.url}/by-body`, token, init)).toMatchObject({
        status: 500,
        body: { code: 'WIX_INSTANCE_NOT_TRUSTED' },
      });
    }
    expect(wix.count(TOKEN)).toBe(0);
  });

  it('is the identity of the caller', async () => {
    pointSdkAt(wix);
    const { body } = await call(`${running.url}/by-identity`, installed().visitorToken());
    expect(new Set(Object.values(body as object))).toEqual(new Set(['none']));
    expect(Object.keys(body as object)).toHaveLength(7);
  });

  it('is an identity verified outside HTTP, and a signed instance', async () => {
    pointSdkAt(wix);
    const { install, site } = installed();
    const identities = running.app.get(WixIdentityService);
    for (const credential of [wix.mint.appToken(install), wix.mint.signedInstance(install, { user: site.owner })]) {
      const identity = await identities.verify(credential);
      for (const [name, open] of openers()) expect([name, await codeOf(() => open(identity))]).toEqual([name, 'none']);
    }
  });

  it('is an id that the application vouches for', async () => {
    pointSdkAt(wix);
    const trusted = trustedInstanceId(installed().install.instanceId);
    for (const [name, open] of openers()) expect([name, await codeOf(() => open(trusted))]).toEqual([name, 'none']);
  });

  it('is not a copy of an identity, or its id', async () => {
    const identity = await running.app.get(WixIdentityService).verify(installed().visitorToken());
    wix.resetLog();
    for (const forged of [{ ...identity }, JSON.parse(JSON.stringify(identity)), identity.instanceId, undefined]) {
      for (const [name, open] of openers()) {
        expect([name, await codeOf(() => open(forged as never))]).toEqual([name, 'WIX_INSTANCE_NOT_TRUSTED']);
      }
    }
    expect(wix.requests).toEqual([]);
  });

  it('is not an identity of another registration', async () => {
    const other = await start();
    try {
      const identity = await other.app.get(WixIdentityService).verify(installed().visitorToken());
      wix.resetLog();
      for (const [name, open] of openers()) {
        expect([name, await codeOf(() => open(identity))]).toEqual([name, 'WIX_INSTANCE_NOT_TRUSTED']);
      }
      expect(wix.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is an event that Wix signed, and not a copy of it', async () => {
    pointSdkAt(wix);
    const { install } = installed();
    const { opened } = running.app.get(Events);
    opened.length = 0;
    const { first } = wix.send.webhook(
      install,
      `${running.url}/wix/webhooks`,
      { type: 'AppInstalled' },
      { retries: 0 },
    );
    expect(await first).toMatchObject({ status: 200 });
    expect(opened).toEqual([
      ...Array.from({ length: 7 }, () => 'none'),
      ...Array.from({ length: 21 }, () => 'WIX_INSTANCE_NOT_TRUSTED'),
    ]);
  });

  // Checked by the compiler: a line below it that compiles is an error itself.
  it('does not compile from other values', () => {
    const open = (source: WixInstanceSource): WixInstanceSource => source;
    const id = installed().install.instanceId as WixInstanceId;
    // @ts-expect-error the id by itself
    expect(open(id)).toBe(id);
    // @ts-expect-error an object around it
    expect(open({ instanceId: id })).toBeDefined();
    // @ts-expect-error a plain string
    expect(open(String(id))).toBe(id);
  });

  /** The SDK knows one address of Wix for what is called by its whole URL. */
  function pointSdkAt({ url: emulatorUrl }: WixEmulator): void {
    globalThis.fetch = (input, init) =>
      realFetch(typeof input === 'string' ? input.replace('https://www.wixapis.com', emulatorUrl) : input, init);
  }
});
