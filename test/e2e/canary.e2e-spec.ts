import { ModulesContainer } from '@nestjs/core';
import {
  TokenStore,
  trustedInstanceId,
  WixAuthModule,
  WixHttpService,
  WixIdentityService,
  WixTokenService,
} from 'nestjs-wix-auth';
import { lastValueFrom } from 'rxjs';

import { APP_SECRET, CanaryApp, PRODUCTS } from '../support/canary-app.js';
import { Canary } from '../support/canary.js';
import { siteWith } from '../support/emulated-site.js';
import { MapTokenStore } from '../support/map-token-store.js';
import { rawGet } from '../support/raw-request.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

const STORE_PASSWORD = 'hunter2-hunter2-hunter2';

/** A store that fails in all ways, and names its password each time. */
class FailingTokenStore extends TokenStore {
  override get(): Promise<string | undefined> {
    return Promise.reject(new Error(`redis://app:${STORE_PASSWORD}@cache refused`));
  }

  override set(key: string, value: string): Promise<void> {
    throw Object.assign(new Error(`SET ${key} ${value} ${STORE_PASSWORD}`), { command: { args: [key, value] } });
  }

  override delete(): Promise<void> {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- drivers do this
    return Promise.reject(STORE_PASSWORD);
  }
}

describe('A canary secret', () => {
  const forms: Record<string, unknown> = {
    'in an object': { appSecret: APP_SECRET },
    'as a cause': new Error('wrong', { cause: new Error(APP_SECRET) }),
    'on an error': Object.assign(new Error('wrong'), { config: { data: [APP_SECRET] } }),
    'under a hidden name': Object.defineProperty({}, 'secret', { value: APP_SECRET }),
    'in base64': Buffer.from(`a${APP_SECRET}`).toString('base64'),
    'in base64url': Buffer.from(`ab${APP_SECRET}`).toString('base64url'),
    'in hex': Buffer.from(APP_SECRET).toString('hex'),
    'in capitals': APP_SECRET.toUpperCase(),
    'by half': APP_SECRET.slice(7, 30),
  };

  it.each(Object.keys(forms))('is found %s', (name) => {
    const canary = new Canary();
    canary.mark('secret', APP_SECRET);
    canary.observe(forms[name]);
    expect(canary.leaks()).not.toEqual([]);
  });

  it('is found in a log, on the console and on the streams of the process', () => {
    const canary = new Canary();
    canary.mark('secret', APP_SECRET);
    canary.logs.warn('careful', { headers: [APP_SECRET] });
    expect(canary.leaks()).not.toEqual([]);
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = () => true;
    canary.listen();
    process.stderr.write(APP_SECRET);
    canary.leave();
    process.stderr.write = write;
    expect(canary.leaks()).not.toEqual([]);
  });
});

describe.each(platforms)('A canary secret in an app on %s', (platform) => {
  const store = new MapTokenStore();
  let watched: CanaryApp;
  let running: RunningApp;

  beforeAll(async () => {
    watched = await CanaryApp.on(platform);
    watched.canary.mark('store password', STORE_PASSWORD);
  });
  beforeEach(async () => {
    running = await watched.start({ providers: [{ provide: TokenStore, useValue: store }] });
  });
  afterEach(() => running.close());
  afterAll(() => watched.stop());

  const get = (path: string, credential: string, headers?: Record<string, string>) =>
    watched.get(`${running.url}/${path}`, credential, headers);

  it('does not appear when options are wrong', async () => {
    const { appId, privateKey } = watched.app;
    watched.canary.mark('private key', privateKey.split('\n')[3] ?? '');
    const wrong: object[] = [
      { appId: APP_SECRET.slice(1) },
      { appSecret: ` ${APP_SECRET}` },
      { appSecret: `IST.${APP_SECRET}` },
      { appSecret: [APP_SECRET, ''] },
      { appSecret: { value: APP_SECRET } },
      { publicKey: privateKey },
      { publicKey: APP_SECRET },
      { apiUrl: `https://app:${APP_SECRET}@www.wixapis.com` },
      { apiUrl: `https://www.wixapis.com?secret=${APP_SECRET}` },
      { signedInstance: { header: `${APP_SECRET} ` } },
      { grants: { userRoles: { admin: APP_SECRET } } },
      { onBehalfOf: APP_SECRET },
      { cache: APP_SECRET },
      { tokens: APP_SECRET, verification: { ttlMs: APP_SECRET } },
    ];
    for (const options of wrong) {
      const imports = [WixAuthModule.forRoot({ appId, appSecret: APP_SECRET, ...options })];
      const error = await watched.canary.outcome(() => startApp(platform, { imports }));
      expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
    }
    expect(watched.leaks()).toEqual([]);
  });

  it('does not appear when callers are refused', async () => {
    const { wix } = watched;
    const { mint } = wix;
    const { site, install, ownerToken, visitorToken, userToken } = watched.site();
    const revoked = ownerToken();
    wix.revoke(revoked);
    const refused = [
      revoked,
      mint.userToken(install, site.owner, { forged: true }),
      mint.userToken(install, site.owner, { expiresInSeconds: -1 }),
      mint.userToken(install, site.owner, { tokenInfo: { clientId: wix.addApp().appId } }),
      mint.userToken(install, site.owner, { tokenInfo: { subjectType: 'UNKNOWN' } }),
      siteWith(wix, wix.addApp()).ownerToken(),
      mint.refreshToken(install),
      mint.apiKey(),
      `Basic ${ownerToken()}`,
      `${ownerToken()},${ownerToken()}`,
      mint.signedInstance(install, { secret: 'forged' }),
      mint.signedInstance(install, { expirationDate: 0 }),
      mint.signedInstance(install, { omit: ['signDate'] }),
      mint.signedInstance(install, { fields: { appDefId: 'another' } }),
      `OauthNG.JWS.${'Aa1-'.repeat(2_100)}.b.c`,
    ];
    for (const credential of refused) expect(await get('anyone', credential)).toBe(401);
    for (const path of ['scoped', 'on-behalf', 'copied']) await get(path, visitorToken());
    expect(await get('scoped', userToken('unmapped'))).toBe(403);
    expect(await get('on-behalf', mint.signedInstance(install))).toBe(403);
    expect(await get('anyone', ownerToken(), { 'x-wix-instance': mint.signedInstance(install) })).toBe(400);
    const inQuery = watched.canary.mark('instance in the query', mint.signedInstance(install, { secret: 'forged' }));
    watched.canary.observe((await call(`${running.url}/anyone?instance=${inQuery}`)).body);
    const [one, other] = [ownerToken(), ownerToken()].map((token) => watched.canary.mark('one of two', token));
    const twice = [`Authorization: ${one ?? ''}`, `Authorization: ${other ?? ''}`];
    watched.canary.observe(await rawGet(`${running.url}/anyone`, ...twice));
    expect(watched.leaks()).toEqual([]);
  });

  it('does not appear when the store fails', async () => {
    const unstored = await watched.start({ providers: [{ provide: TokenStore, useClass: FailingTokenStore }] });
    const { ownerToken, install } = watched.site();
    const tokens = unstored.app.get(WixTokenService, { strict: false });
    const token = await tokens.accessTokenFor(trustedInstanceId(install.instanceId));
    watched.canary.mark('token that could not be stored', token.value);
    await tokens.invalidate(token);
    expect(await watched.get(`${unstored.url}/scoped`, ownerToken())).toBe(200);
    await unstored.close();
    expect(watched.canary.logs.of('warn', 'WixAuthModule').join('\n')).toContain('store failed');
    expect(watched.leaks()).toEqual([]);
  });

  it('does not appear in stored or returned values, or in the objects that hold them', async () => {
    const { install, ownerToken } = watched.site();
    const presented = ownerToken();
    expect(await get('products', presented)).toBe(200);
    const identity = await running.app.get(WixIdentityService, { strict: false }).verify(presented);
    const tokens = running.app.get(WixTokenService, { strict: false });
    const minted = await tokens.accessTokenFor(trustedInstanceId(install.instanceId));
    const exchanged = await tokens.onBehalfOf(identity);
    for (const { value } of [minted, exchanged]) watched.canary.mark('token handed out', value);
    const calls = running.app.get(WixHttpService, { strict: false });
    await watched.canary.outcome(() => lastValueFrom(calls.asInstance(identity).get(PRODUCTS)));
    await watched.canary.outcome(() => lastValueFrom(calls.onBehalfOf(identity).get(PRODUCTS)));

    const handedOut = [identity, minted, exchanged, { ...identity }, `${String(minted)} ${JSON.stringify(identity)}`];
    for (const value of [...handedOut, ...ownInstances(), store.dump]) watched.canary.observe(value);
    expect(store.entries.size).toBeGreaterThan(0);
    expect(watched.leaks()).toEqual([]);
  });

  /** The providers that WixAuthModule consists of, without those that Nest gives to every module. */
  function ownInstances(): unknown[] {
    const modules = [...running.app.get(ModulesContainer).values()];
    const own = modules.filter(({ metatype }) => metatype === WixAuthModule);
    const instances = own
      .flatMap(({ providers }) => [...providers.values()])
      .filter(({ name }) => !['ModuleRef', 'ApplicationConfig'].includes(String(name)))
      .map(({ instance }): unknown => instance);
    expect(instances.length).toBeGreaterThan(20);
    return instances;
  }
});
