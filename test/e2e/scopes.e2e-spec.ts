import { VisitorGrants } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import {
  APP_INSTANCE,
  CONTRIBUTORS,
  MANAGE_CONTRIBUTORS,
  MANAGE_PRODUCTS,
  READ_ORDERS,
  READ_PRODUCTS,
  siteWith,
} from '../support/emulated-site.js';
import { call, platforms, type RunningApp } from '../support/running-app.js';
import { AGENT, MANAGER, PARTNER, startStore } from '../support/store-app.js';

describe.each(platforms)('Scopes on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    running = await startStore(platform, wix, app);
  });
  beforeEach(() => {
    Object.assign(wix.variants, { grants: 'scopes', contributorsPageSize: 50 });
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const get = (path: string, token: string) => call(`${running.url}/${path}`, token);
  const post = (token: string) => call(`${running.url}/products`, token, { method: 'POST' });
  const refusal = (lackedBy: string[], missingScopes: string[]) => ({
    status: 403,
    body: { statusCode: 403, code: 'WIX_SCOPE_MISSING', lackedBy, missingScopes },
  });

  describe('of an instance route', () => {
    it('are those the site granted the app', async () => {
      const site = siteWith(wix, app, READ_PRODUCTS);
      expect(await get('instance', site.appToken())).toMatchObject({ status: 200 });
    });

    it('are refused naming the app where the site did not grant them', async () => {
      const site = siteWith(wix, app);
      expect(await get('instance', site.appToken())).toMatchObject(refusal(['app'], [READ_PRODUCTS]));
    });

    it('may be granted as the permission ids they contain', async () => {
      wix.variants.grants = 'permissions';
      const site = siteWith(wix, app, READ_PRODUCTS);
      expect(await get('instance', site.appToken())).toMatchObject({ status: 200 });
    });

    it("are the app's even for users who may act as the app", async () => {
      const site = siteWith(wix, app, READ_PRODUCTS);
      for (const token of [site.visitorToken(), site.memberToken(), site.userToken()]) {
        expect(await get('elevated', token)).toMatchObject({ status: 200 });
      }
      const bare = siteWith(wix, app);
      expect(await get('elevated', bare.visitorToken())).toMatchObject(refusal(['app'], [READ_PRODUCTS]));
      expect(wix.count(CONTRIBUTORS)).toBe(0);
    });
  });

  describe('of a user route', () => {
    const granted = () => siteWith(wix, app, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);

    it("are the owner's as far as the app holds them", async () => {
      const site = siteWith(wix, app, MANAGE_PRODUCTS);
      const { userId } = site.site.owner;
      expect(await post(site.ownerToken())).toMatchObject({ status: 201, body: { userId } });
      expect(wix.count(CONTRIBUTORS)).toBe(0);
    });

    it('are refused naming the user whose role lacks them', async () => {
      const answer = await post(granted().userToken(AGENT));
      expect(answer).toMatchObject(refusal(['user'], [MANAGE_PRODUCTS]));
      expect(answer.body).toMatchObject({ requiredScopes: [MANAGE_PRODUCTS], error: 'Forbidden' });
      expect(answer.headers.get('www-authenticate')).toBe(
        `Bearer error="insufficient_scope", scope="${MANAGE_PRODUCTS}"`,
      );
    });

    it('are refused naming the app that lacks them, although the user is the owner', async () => {
      const site = siteWith(wix, app, READ_PRODUCTS);
      expect(await post(site.ownerToken())).toMatchObject(refusal(['app'], [MANAGE_PRODUCTS]));
    });

    it('are refused naming the scope an app needs to read roles', async () => {
      const site = siteWith(wix, app, MANAGE_PRODUCTS);
      const answer = await post(site.userToken(MANAGER));
      expect(answer).toMatchObject(refusal(['user'], [MANAGE_PRODUCTS]));
      expect(answer.body).toMatchObject({ message: expect.stringContaining(MANAGE_CONTRIBUTORS) });
    });

    it.each([
      { role: MANAGER, status: 201 },
      { role: PARTNER, status: 201 },
      { role: AGENT, status: 403 },
      { role: 'unmapped', status: 403 },
    ])('are those mapped to the role $role: $status', async ({ role, status }) => {
      expect(await post(granted().userToken(role))).toMatchObject({ status });
    });

    it('never exceed what the app holds, whatever the mapping of a role says', async () => {
      const site = siteWith(wix, app, MANAGE_CONTRIBUTORS);
      expect(await post(site.userToken(PARTNER))).toMatchObject(refusal(['app'], [MANAGE_PRODUCTS]));
    });

    it('are none for a role that holds at one location only', async () => {
      const { site, install } = granted();
      const local = site.addUser({ roles: [MANAGER], locationIds: ['downtown'] });
      const token = wix.mint.userToken(install, local);
      expect(await post(token)).toMatchObject(refusal(['user'], [MANAGE_PRODUCTS]));
    });

    it('are found on any page of contributors', async () => {
      wix.variants.contributorsPageSize = 2;
      const site = granted();
      const tokens = Array.from({ length: 7 }, () => site.userToken(MANAGER));
      expect(await post(tokens[6] ?? '')).toMatchObject({ status: 201 });
    });

    it('add up over the decorators of a route', async () => {
      const either = [siteWith(wix, app, READ_ORDERS), siteWith(wix, app, MANAGE_PRODUCTS)] as const;
      expect(await get('both', either[0].ownerToken())).toMatchObject(refusal(['app'], [MANAGE_PRODUCTS]));
      expect(await get('both', either[1].ownerToken())).toMatchObject(refusal(['app'], [READ_ORDERS]));
      const both = siteWith(wix, app, READ_ORDERS, MANAGE_PRODUCTS);
      expect(await get('both', both.ownerToken())).toMatchObject({ status: 200 });
    });

    it('may require one of several', async () => {
      for (const scope of [READ_ORDERS, MANAGE_PRODUCTS]) {
        expect(await get('either', siteWith(wix, app, scope).ownerToken())).toMatchObject({ status: 200 });
      }
      const neither = siteWith(wix, app, READ_PRODUCTS);
      const answer = await get('either', neither.ownerToken());
      expect(answer).toMatchObject(refusal(['app'], [MANAGE_PRODUCTS, READ_ORDERS]));
    });

    it('may require one of several, but the same one for app and user', async () => {
      const site = siteWith(wix, app, READ_ORDERS, MANAGE_CONTRIBUTORS);
      expect(await get('either', site.userToken(PARTNER))).toMatchObject({ status: 200 });
      const answer = await get('either', site.userToken(MANAGER));
      expect(answer).toMatchObject(refusal(['app', 'user'], [MANAGE_PRODUCTS, READ_ORDERS]));
    });

    it.each(['visitorToken', 'memberToken', 'appToken'] as const)('do not help a caller with a %s', async (kind) => {
      const site = granted();
      const answer = await post(site[kind]());
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'WIX_IDENTITY_NOT_ALLOWED', allowedIdentities: ['user'] },
      });
      expect(wix.count(APP_INSTANCE)).toBe(0);
    });
  });

  describe('of a route for anyone', () => {
    it("are the caller's own", async () => {
      const site = siteWith(wix, app, READ_PRODUCTS, MANAGE_CONTRIBUTORS);
      expect(await get('own', site.appToken())).toMatchObject({ status: 200 });
      expect(await get('own', site.userToken(AGENT))).toMatchObject({ status: 200 });
      expect(await get('own', site.userToken('unmapped'))).toMatchObject(refusal(['user'], [READ_PRODUCTS]));
      expect(await get('own', site.visitorToken())).toMatchObject(refusal(['visitor'], [READ_PRODUCTS]));
      expect(await get('own', site.memberToken())).toMatchObject({ body: { code: 'WIX_IDENTITY_NOT_ALLOWED' } });
    });

    it('are what VisitorGrants says for visitors, as far as the app holds them', async () => {
      const of = () => ({ scopes: [READ_PRODUCTS] });
      const generous = await startStore(platform, wix, app, {
        providers: [{ provide: VisitorGrants, useValue: { of } }],
      });
      const own = (token: string) => call(`${generous.url}/own`, token);
      const granted = await own(siteWith(wix, app, READ_PRODUCTS).visitorToken());
      const bare = await own(siteWith(wix, app).visitorToken());
      await generous.close();
      expect(granted).toMatchObject({ status: 200 });
      expect(bare).toMatchObject(refusal(['app'], [READ_PRODUCTS]));
    });
  });
});
