import { createServer, type Server, type TLSSocket } from 'node:tls';
import { connect, type AddressInfo } from 'node:net';

import {
  trustedInstanceId,
  WixAuthModule,
  WixGrantsService,
  WixHttpService,
  WixIdentityService,
  type WixHttpOptions,
} from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { codeOf } from '../support/code-of.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { selfSigned, type SelfSigned } from '../support/self-signed.js';
import { TunnelProxy } from '../support/tunnel-proxy.js';

const SCOPES = ['SCOPE.DC-STORES.READ-PRODUCTS', 'SCOPE.DC-CONTACTS.MANAGE-CONTRIBUTORS'];

describe('Agents of the application', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let proxy: TunnelProxy;
  let running: RunningApp | undefined;

  beforeEach(async () => {
    [wix, proxy] = await Promise.all([WixEmulator.start(), TunnelProxy.start()]);
    app = wix.addApp({ scopes: SCOPES });
    install = wix.install(app, wix.addSite(), { grants: SCOPES });
  });

  afterEach(async () => {
    await running?.close();
    running = undefined;
    await Promise.all([wix.stop(), proxy.stop()]);
  });

  const start = async (http: WixHttpOptions, apiUrl = wix.url): Promise<void> => {
    const options = { ...emulatedOptions(wix, app), apiUrl, http, requestTimeoutMs: 2_000 };
    running = await startApp('express', { imports: [WixAuthModule.forRoot(options)] });
  };
  const verify = (user = install.site.owner): Promise<unknown> =>
    codeOf(() => running?.app.get(WixIdentityService).verify(wix.mint.userToken(install, user)));
  /** Everything that this library sends: token-info, a mint, Get App Instance, and a call of the application. */
  const everything = async (): Promise<void> => {
    const site = trustedInstanceId(install.instanceId);
    expect(await verify()).toBe('none');
    await running?.app.get(WixGrantsService).appGrants(site);
    const calls = running?.app.get(WixHttpService).asInstance(site);
    if (calls !== undefined) await firstValueFrom(calls.get('/apps/v1/instance'));
    expect(wix.count('/apps/v1/instance')).toBe(2);
  };

  it('carry every request, through an egress proxy to the configured API alone', async () => {
    await start({ agents: proxy.agents() });
    await everything();

    const { host } = new URL(wix.url);
    expect(proxy.targets.length).toBeGreaterThan(0);
    expect(new Set(proxy.targets)).toEqual(new Set([host]));
  });

  it('are the only way out: without the proxy nothing arrives, which is an outage', async () => {
    await start({ agents: proxy.agents() });
    await proxy.stop();
    wix.resetLog();

    expect(await verify()).toBe('WIX_UNAVAILABLE');
    expect(wix.requests).toHaveLength(0);
    proxy = await TunnelProxy.start();
  });

  it('belong to the application, which can still use them after this module has stopped', async () => {
    const agents = proxy.agents();
    const closed: string[] = [];
    agents.http.destroy = () => void closed.push('http');
    await start({ agents });
    await verify();
    await running?.close();
    running = undefined;

    expect(closed).toEqual([]);
  });

  describe('over TLS', () => {
    let credentials: SelfSigned;
    let front: Server;
    const sockets = new Set<TLSSocket>();

    beforeEach(async () => {
      credentials = await selfSigned();
      front = createServer(credentials, (client) => {
        const behind = connect(Number(new URL(wix.url).port), '127.0.0.1');
        sockets.add(client.on('error', () => behind.destroy()));
        behind.on('error', () => client.destroy());
        client.pipe(behind).pipe(client);
      });
      front.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    });

    afterEach(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => front.close(resolve));
    });

    const apiUrl = (): string => `https://localhost:${String((front.address() as AddressInfo).port)}`;

    it('tunnel through the proxy, which sees only the host', async () => {
      await start({ agents: proxy.agents({ ca: credentials.cert }) }, apiUrl());
      await everything();

      expect(new Set(proxy.targets)).toEqual(new Set([new URL(apiUrl()).host]));
    });

    it.each(['ours', 'those of a proxy'])('refuse a certificate without a trusted issuer: %s', async (whose) => {
      await start(whose === 'ours' ? {} : { agents: proxy.agents() }, apiUrl());
      wix.resetLog();

      expect(await verify()).toBe('WIX_UNAVAILABLE');
      expect(wix.requests).toHaveLength(0);
    });
  });
});
