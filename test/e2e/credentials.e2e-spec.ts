import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { APP_INSTANCE, READ_PRODUCTS, siteWith, TOKEN_INFO, type TestSite } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { rawGet } from '../support/raw-request.js';
import { call, platforms, type Answer, type RunningApp } from '../support/running-app.js';
import { startStore } from '../support/store-app.js';

const HOUR_MS = 3_600_000;

describe.each(platforms)('Credentials on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;
  let site: TestSite;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    running = await startStore(platform, wix, app, { clock });
  });
  beforeEach(() => {
    site = siteWith(wix, app, READ_PRODUCTS);
    Object.assign(wix.variants, { tokenInfo: 'native', expiredToken: 'inactive', unknownToken: 400 });
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (authorization?: string, path = 'anyone') => call(`${running.url}/${path}`, authorization);
  const refused = (code: string, status = 401) => ({ status, body: { statusCode: status, code } });
  const challenge = ({ headers }: Answer) => headers.get('www-authenticate');
  const token = (options: object) => wix.mint.userToken(site.install, site.site.owner, options);

  describe('that Wix confirms', () => {
    it.each(['native', 'strings', 'protobuf'] as const)('identify the caller, with %s in token-info', async (form) => {
      wix.variants.tokenInfo = form;
      const { instanceId } = site.install;
      const common = { appId: app.appId, instanceId, siteId: site.site.siteId, credentialType: 'access-token' };
      const expiresAt = new Date(clock.nowMs() + 4 * HOUR_MS).toISOString();
      const user = site.site.addUser();
      const member = site.site.addMember();
      const visitor = site.site.addVisitor();

      const callers = [
        { token: wix.mint.appToken(site.install), who: { type: 'app' } },
        {
          token: wix.mint.userToken(site.install, user),
          who: { type: 'user', userId: user.userId, isSiteOwner: false },
        },
        { token: site.ownerToken(), who: { type: 'user', userId: site.site.owner.userId, isSiteOwner: true } },
        { token: wix.mint.memberToken(site.install, member), who: { type: 'member', memberId: member.memberId } },
        { token: wix.mint.visitorToken(site.install, visitor), who: { type: 'visitor', visitorId: visitor.visitorId } },
      ];
      for (const { token: presented, who } of callers) {
        const answer = await get(presented);
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({ ...common, expiresAt, ...who });
      }
    });

    it('name the plan the site bought, whichever kind they are', async () => {
      const { install } = siteWith(wix, app);
      const planOf = async (credential: string) =>
        (await get(credential)).body as { readonly vendorProductId?: string };

      expect(await planOf(wix.mint.appToken(install))).not.toHaveProperty('vendorProductId');
      install.plan = 'gold';
      expect(await planOf(wix.mint.userToken(install, install.site.owner))).toMatchObject({ vendorProductId: 'gold' });
      expect(await planOf(wix.mint.signedInstance(install))).toMatchObject({ vendorProductId: 'gold' });
    });

    it.each(['', 'Bearer ', 'bearer ', 'BEARER ', 'bEaReR '])('may follow "%s"', async (scheme) => {
      expect(await get(`${scheme}${site.ownerToken()}`)).toMatchObject({ status: 200 });
    });

    it('are introspected once, whatever prefix they have', async () => {
      const presented = site.ownerToken();
      for (const scheme of ['', 'Bearer ', 'bearer ']) await get(`${scheme}${presented}`);
      expect(wix.count(TOKEN_INFO)).toBe(1);
    });

    it('are introspected again after verification.ttlMs', async () => {
      const presented = site.ownerToken();
      await get(presented);
      clock.advance(59_999);
      await get(presented);
      expect(wix.count(TOKEN_INFO)).toBe(1);
      clock.advance(1);
      await get(presented);
      expect(wix.count(TOKEN_INFO)).toBe(2);
    });

    it('expire at their own expiry, even within verification.ttlMs', async () => {
      const presented = token({ expiresInSeconds: 30 });
      expect(await get(presented)).toMatchObject({ status: 200 });
      clock.advance(30_000);
      expect(await get(presented)).toMatchObject(refused('WIX_CREDENTIALS_EXPIRED'));
    });

    it('do not make an owner of a caller whose payload claims more than token-info', async () => {
      const user = site.site.addUser();
      const claims = { siteOwnerId: user.userId, instanceId: '9f9c5c16-59c8-4708-8c25-855505daa954' };
      const presented = wix.mint.userToken(site.install, user, { claims });
      expect(await get(presented)).toMatchObject({ status: 200, body: { isSiteOwner: false } });
    });
  });

  describe('that are missing', () => {
    it.each([undefined, ''])('get a plain challenge (%p)', async (authorization) => {
      const answer = await get(authorization);
      expect(answer).toMatchObject(refused('WIX_CREDENTIALS_MISSING'));
      expect(challenge(answer)).toBe('Bearer');
    });

    it.each(['instance', 'elevated', 'user', 'page', 'both'])('are required on /%s', async (path) => {
      expect(await get(undefined, path)).toMatchObject(refused('WIX_CREDENTIALS_MISSING'));
    });
  });

  describe('that cannot be valid', () => {
    it.each([
      { what: 'garbage', text: () => 'garbage' },
      { what: 'only a scheme', text: () => 'Bearer' },
      { what: 'Basic credentials', text: () => `Basic ${Buffer.from('user:pass').toString('base64')}` },
      { what: 'a scheme twice', text: () => `Bearer Bearer ${site.ownerToken()}` },
      { what: 'two tokens in one header', text: () => `${site.ownerToken()},${site.ownerToken()}` },
      { what: 'a token cut short', text: () => site.ownerToken().split('.').slice(0, 4).join('.') },
      { what: 'a token with a payload of rubbish', text: () => 'OauthNG.JWS.e30.cnViYmlzaA.c2ln' },
      { what: 'a plain JWT', text: () => site.ownerToken().replace('OauthNG.JWS.', '') },
      { what: 'a refresh token', text: () => wix.mint.refreshToken(site.install) },
      { what: 'more than maxCredentialBytes', text: () => `OauthNG.JWS.e30.${'A'.repeat(8_192)}.c2ln` },
    ])('are refused without a request: $what', async ({ text }) => {
      const answer = await get(text());
      expect(answer).toMatchObject(refused('WIX_CREDENTIALS_MALFORMED'));
      expect(challenge(answer)).toMatch(/^Bearer error="invalid_token"/);
      expect(wix.count()).toBe(0);
    });

    it('are refused by name when they are an API key', async () => {
      const answer = await get(wix.mint.apiKey());
      expect(answer).toMatchObject(refused('WIX_API_KEY_REFUSED'));
      expect(answer.body).toMatchObject({ message: expect.stringContaining('not for third-party apps') });
      expect(wix.count()).toBe(0);
    });

    it('are refused however large they are', async () => {
      const { status } = await rawGet(`${running.url}/anyone`, `Authorization: ${'A'.repeat(1_048_576)}`);
      expect([401, 431]).toContain(status);
      expect(await get(site.ownerToken())).toMatchObject({ status: 200 });
    });
  });

  describe('that have expired or were never valid', () => {
    it.each(['inactive', 401] as const)(
      'are refused without a request when expired (Wix would say %s)',
      async (variant) => {
        wix.variants.expiredToken = variant;
        const answer = await get(token({ expiresInSeconds: -1 }));
        expect(answer).toMatchObject(refused('WIX_CREDENTIALS_EXPIRED'));
        expect(challenge(answer)).toMatch(/error="invalid_token"/);
        expect(wix.count()).toBe(0);
      },
    );

    it('are refused when token-info says they expired although their payload does not', async () => {
      const answer = await get(token({ tokenInfo: { exp: Math.floor(clock.nowMs() / 1_000) - 1 } }));
      expect(answer).toMatchObject(refused('WIX_CREDENTIALS_EXPIRED'));
    });

    it('are refused when Wix calls them inactive', async () => {
      const revoked = site.ownerToken();
      wix.revoke(revoked);
      expect(await get(revoked)).toMatchObject(refused('WIX_CREDENTIALS_REJECTED'));
    });

    it('are refused after the site removed the app', async () => {
      const presented = site.ownerToken();
      site.install.remove();
      expect(await get(presented)).toMatchObject(refused('WIX_CREDENTIALS_REJECTED'));
    });

    it.each([400, 401, 'inactive'] as const)('are refused when they are forged (Wix says %s)', async (variant) => {
      wix.variants.unknownToken = variant;
      expect(await get(token({ forged: true }))).toMatchObject(refused('WIX_CREDENTIALS_REJECTED'));
    });

    it('are not introspected again within rejectedTtlMs', async () => {
      const forged = token({ forged: true });
      await get(forged);
      clock.advance(9_999);
      await get(forged);
      expect(wix.count(TOKEN_INFO)).toBe(1);
      clock.advance(1);
      await get(forged);
      expect(wix.count(TOKEN_INFO)).toBe(2);
    });

    it.each([
      { subjectType: 'UNKNOWN' },
      { subjectType: undefined },
      { subjectId: undefined },
      { instanceId: undefined },
    ])('are refused when token-info says %p', async (tokenInfo) => {
      expect(await get(token({ tokenInfo }))).toMatchObject(refused('WIX_CREDENTIALS_REJECTED'));
    });

    it('are refused when they belong to no installation', async () => {
      expect(await get(wix.mint.appLevelToken(app))).toMatchObject(refused('WIX_CREDENTIALS_REJECTED'));
    });
  });

  describe('of another app', () => {
    it('are refused without a request when they say so', async () => {
      const foreign = siteWith(wix, wix.addApp());
      for (const presented of [foreign.ownerToken(), foreign.appToken(), foreign.visitorToken()]) {
        expect(await get(presented)).toMatchObject(refused('WIX_CREDENTIALS_WRONG_APP'));
      }
      expect(wix.count()).toBe(0);
    });

    it('are refused when only token-info says so', async () => {
      const clientId = wix.addApp().appId;
      expect(await get(token({ tokenInfo: { clientId } }))).toMatchObject(refused('WIX_CREDENTIALS_WRONG_APP'));
      expect(await get(token({ tokenInfo: { clientId: undefined } }))).toMatchObject(
        refused('WIX_CREDENTIALS_WRONG_APP'),
      );
      expect(wix.count(TOKEN_INFO)).toBe(2);
    });
  });

  it('are refused when there are two Authorization headers', async () => {
    for (const [one, other] of [
      [site.ownerToken(), site.ownerToken()],
      [site.ownerToken(), 'rubbish'],
      ['', site.ownerToken()],
    ]) {
      const answer = await rawGet(
        `${running.url}/anyone`,
        `Authorization: ${one ?? ''}`,
        `authorization: ${other ?? ''}`,
      );
      expect(answer.status).toBe(400);
      expect(answer.body).toContain('WIX_CREDENTIALS_AMBIGUOUS');
    }
    expect(wix.count()).toBe(0);
  });

  it('are read from Authorization only, unless the app names another header', async () => {
    const presented = site.ownerToken();
    const answer = await call(`${running.url}/anyone?access_token=${presented}&token=${presented}`, undefined, {
      headers: { 'x-wix-instance': presented, cookie: `token=${presented}`, 'x-authorization': presented },
    });
    expect(answer).toMatchObject(refused('WIX_CREDENTIALS_MISSING'));
    expect(wix.count()).toBe(0);
  });

  it('are the only subject of a request on routes that require no scopes', async () => {
    await get(site.ownerToken(), 'user');
    expect(wix.count()).toBe(1);
    expect(wix.count(APP_INSTANCE)).toBe(0);
  });
});
