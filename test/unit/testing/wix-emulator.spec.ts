import { jest } from '@jest/globals';
import { WixEmulator } from 'nestjs-wix-auth/testing';

import { call } from './http-calls.js';
import { emulatedPlatform, MANAGE, READ, type EmulatedPlatform } from './emulated-platform.js';

describe('WixEmulator', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const info = (token: string) => call(`${platform.wix.url}/oauth2/token-info`, { body: { token } });

  it('separates several emulators', async () => {
    const token = platform.wix.mint.appToken(platform.install);
    await using other = await WixEmulator.start();
    expect((await call(`${other.url}/oauth2/token-info`, { body: { token } })).status).toBe(400);
    expect(platform.wix.requests).toEqual([]);
  });

  it('frees its port and cuts requests in progress when it stops', async () => {
    const wix = await WixEmulator.start();
    wix.fail('/emulator/echo', { hang: true });
    const hanging = fetch(`${wix.url}/emulator/echo`);
    await wix.waitFor('/emulator/echo');
    await Promise.all([wix.stop(), expect(hanging).rejects.toThrow()]);

    const again = await WixEmulator.start({ port: Number(new URL(wix.url).port) });
    expect(again.url).toBe(wix.url);
    await again.stop();
  });

  it('follows the real clock unless given another', async () => {
    await using wix = await WixEmulator.start();
    const install = wix.install(wix.addApp(), wix.addSite());
    const { body } = await call(`${wix.url}/oauth2/token-info`, { body: { token: wix.mint.appToken(install) } });
    expect(Math.abs(Number(body['iat']) - Date.now() / 1000)).toBeLessThan(5);
  });

  it('continues under fake timers, and follows a faked date', async () => {
    await using wix = await WixEmulator.start();
    const install = wix.install(wix.addApp(), wix.addSite());
    const token = wix.mint.appToken(install);
    jest.useFakeTimers({ now: Date.now() + 14_400_000 });
    try {
      wix.fail('/oauth2/token-info', { delayMs: 5 });
      const { body } = await call(`${wix.url}/oauth2/token-info`, { body: { token } });
      expect(body).toEqual({ active: false });
      await expect(wix.waitFor('/never', { timeoutMs: 5 })).rejects.toThrow(/Waited for/);
    } finally {
      jest.useRealTimers();
    }
  });

  it('accepts given ids, and refuses the same one twice', () => {
    const { wix } = platform;
    const app = wix.addApp({ appId: 'app', appSecret: 'secret' });
    const site = wix.addSite({ siteId: 'site', ownerId: 'owner' });
    const install = wix.install(app, site, { instanceId: 'instance' });

    expect([app.appId, app.appSecret, site.siteId, site.owner.userId]).toEqual(['app', 'secret', 'site', 'owner']);
    expect(install.instanceId).toBe('instance');
    expect(() => wix.addApp({ appId: 'app' })).toThrow(/already/);
    expect(() => wix.addSite({ siteId: 'site' })).toThrow(/already/);
    expect(() => wix.install(app, site)).toThrow(/reinstall/);
  });

  it('starts with the variants it is given', async () => {
    await using wix = await WixEmulator.start({ variants: { boundTokens: 'accepted' } });
    expect(wix.variants).toMatchObject({ boundTokens: 'accepted', tokenInfo: 'native' });
  });

  describe('log', () => {
    it('records each request with its result', async () => {
      const { wix, time } = platform;
      const { headers } = await call(`${wix.url}/oauth2/token-info?a=1&a=2`, {
        body: { token: 'x' },
        token: 'Bearer t',
      });
      expect(wix.requests).toHaveLength(1);
      expect(wix.requests[0]).toMatchObject({
        method: 'POST',
        path: '/oauth2/token-info',
        url: '/oauth2/token-info?a=1&a=2',
        query: { a: '2' },
        headers: { authorization: 'Bearer t' },
        body: { token: 'x' },
        rawBody: '{"token":"x"}',
        at: time.ms,
        requestId: headers.get('x-wix-request-id'),
        status: 400,
        aborted: false,
      });
    });

    it('counts by path, method and grant, and starts again when reset', async () => {
      const { wix, app } = platform;
      const post = (body: object) => call(`${wix.url}/oauth2/token`, { body });
      await post({ grantType: 'anonymous', clientId: app.appId });
      await post({ grant_type: 'client_credentials' });
      await info('x');

      expect(wix.count()).toBe(3);
      expect(wix.count('/oauth2/token')).toBe(2);
      expect(wix.count('/oauth2/*')).toBe(3);
      expect(wix.count('/oauth2/token', { grantType: 'anonymous' })).toBe(1);
      expect(wix.count('/oauth2/token', { method: 'get' })).toBe(0);
      wix.resetLog();
      expect([wix.count(), wix.requests.length]).toEqual([0, 0]);
    });

    it('stores the newest in full and counts all', async () => {
      await using wix = await WixEmulator.start({ maxLoggedRequests: 2 });
      for (const n of [1, 2, 3]) await fetch(`${wix.url}/emulator/echo?n=${n}`);
      expect(wix.requests.map(({ query }) => query['n'])).toEqual(['2', '3']);
      expect(wix.count('/emulator/echo')).toBe(3);
    });

    it('lets a test wait for requests, and says what arrived instead', async () => {
      const { wix } = platform;
      const twice = wix.waitFor('/oauth2/token-info', { times: 2 });
      await Promise.all([info('a'), info('b'), twice]);
      await wix.waitFor('/oauth2/token-info', { times: 2 });
      const never = wix.waitFor('/oauth2/token', { timeoutMs: 10 });
      await expect(never).rejects.toThrow(/POST \/oauth2\/token-info/);
    });
  });

  describe('paths it does not have', () => {
    it('are answered 404 and reported', async () => {
      const { wix, warnings } = platform;
      const { status, body, headers } = await call(`${wix.url}/oauth2/tokn`, { body: {} });
      expect(status).toBe(404);
      expect(body).toMatchObject({ message: expect.any(String), details: { applicationError: expect.any(Object) } });
      expect(headers.get('x-emulator-note')).toContain('POST /oauth2/token');
      expect(warnings).toEqual([expect.stringContaining('no POST /oauth2/tokn')]);
      expect((await call(`${wix.url}/oauth2/token`)).status).toBe(404);
    });

    it('can be added, with the caller identified and the scope enforced as Wix does', async () => {
      const { wix, install, site } = platform;
      wix.serve('GET /members/v1/members/:id', { scope: 'SCOPE.DC-MEMBERS.READ-MEMBERS' }, (served) => ({
        member: { id: served.params['id'], site: served.install.site.siteId, askedBy: served.subject.type },
      }));
      const members = (token: string) => call(`${wix.url}/members/v1/members/m%201`, { token });

      expect((await members('')).status).toBe(401);
      expect((await members(wix.mint.appToken(install))).status).toBe(403);
      install.grant('SCOPE.DC-MEMBERS.READ-MEMBERS');
      const { body } = await members(wix.mint.userToken(install, site.owner, { bound: false }));
      expect(body).toEqual({ member: { id: 'm 1', site: site.siteId, askedBy: 'USER' } });
    });

    it('can be added for every caller, and answer 500 when the handler fails', async () => {
      const { wix, install, warnings } = platform;
      wix.serve('POST /open', {}, ({ body }) => Promise.resolve({ body }));
      wix.serve('POST /broken', {}, () => {
        throw new Error('a mistake in the test');
      });
      const post = (path: string) => call(wix.url + path, { body: { a: 1 }, token: wix.mint.appToken(install) });

      expect((await post('/open')).body).toEqual({ body: { a: 1 } });
      expect(await post('/broken')).toMatchObject({ status: 500, body: { message: '', details: {} } });
      expect(warnings).toEqual([expect.stringContaining('a mistake in the test')]);
      expect(() => wix.serve('/no-method', {}, () => ({}))).toThrow(/GET \/some\/path/);
    });
  });

  it('can be given the scopes that others contain', async () => {
    await using wix = await WixEmulator.start({
      scopeContents: { 'SCOPE.BIG': ['SCOPE.SMALL'], 'SCOPE.SMALL': ['P'] },
    });
    const install = wix.install(wix.addApp(), wix.addSite(), { grants: ['SCOPE.BIG'] });
    wix.serve('GET /small', { scope: 'SCOPE.SMALL' }, () => ({}));
    const small = () => call(`${wix.url}/small`, { token: wix.mint.appToken(install) });
    expect((await small()).status).toBe(200);
    install.setGrants(['P']);
    expect((await small()).status).toBe(200);
    install.setGrants(['SCOPE.OTHER']);
    expect((await small()).status).toBe(403);
  });

  it('accepts browsers: preflights pass without a token and are not logged', async () => {
    const { wix, install } = platform;
    const preflight = await fetch(`${wix.url}/stores/v3/products`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-wix-linguist',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,x-wix-linguist');
    expect(wix.requests).toEqual([]);

    const { headers } = await call(`${wix.url}/apps/v1/instance`, { token: wix.mint.appToken(install) });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toContain('x-wix-request-id');
  });

  it('serves many at the same time', async () => {
    const { wix, install } = platform;
    install.setGrants([READ, MANAGE]);
    const token = wix.mint.appToken(install);
    const answers = await Promise.all(Array.from({ length: 500 }, () => info(token)));
    expect(answers.every(({ body }) => body['active'] === true)).toBe(true);
    expect(wix.count('/oauth2/token-info')).toBe(500);
  });
});

describe('the playground of the emulator', () => {
  let wix: WixEmulator;

  beforeEach(async () => {
    wix = await WixEmulator.start();
  });
  afterEach(() => wix.stop());

  it('echoes requests', async () => {
    const { body } = await call(`${wix.url}/emulator/echo?q=1`, { method: 'PUT', body: { a: 1 }, token: 't' });
    expect(body).toMatchObject({ method: 'PUT', query: { q: '1' }, body: { a: 1 }, headers: { authorization: 't' } });
  });

  it('streams as many bytes as asked for, with or without a length', async () => {
    const withLength = await fetch(`${wix.url}/emulator/blob?bytes=200001`);
    expect(withLength.headers.get('content-length')).toBe('200001');
    expect((await withLength.arrayBuffer()).byteLength).toBe(200_001);
    const chunked = await fetch(`${wix.url}/emulator/blob?bytes=70000&chunked=true`);
    expect(chunked.headers.get('content-length')).toBeNull();
    expect((await chunked.arrayBuffer()).byteLength).toBe(70_000);
    expect((await fetch(`${wix.url}/emulator/blob`, { method: 'HEAD' })).headers.get('content-length')).toBe('1024');
    expect((await call(`${wix.url}/emulator/blob?bytes=-1`)).status).toBe(400);
  });

  it('notices a client that disconnects in the middle', async () => {
    const abort = new AbortController();
    const response = await fetch(`${wix.url}/emulator/blob?bytes=500000000`, { signal: abort.signal });
    abort.abort();
    await expect(response.arrayBuffer()).rejects.toMatchObject({ name: 'AbortError' });
    await wix.requests[0]?.settled;
    expect(wix.requests[0]?.aborted).toBe(true);
  });

  it('redirects', async () => {
    const to = 'http://localhost:1/elsewhere';
    const found = await call(`${wix.url}/emulator/redirect?to=${encodeURIComponent(to)}`);
    expect([found.status, found.headers.get('location')]).toEqual([302, to]);
    const repeated = await call(`${wix.url}/emulator/redirect?to=/emulator/echo&status=307`, { body: {} });
    expect([repeated.status, repeated.headers.get('location')]).toEqual([307, '/emulator/echo']);
    expect((await call(`${wix.url}/emulator/redirect`)).status).toBe(400);
  });
});
