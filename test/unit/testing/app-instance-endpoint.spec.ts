import { call } from './http-calls.js';
import { emulatedPlatform, MANAGE, READ, type EmulatedPlatform } from './emulated-platform.js';

describe('the emulated /apps/v1', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const instance = async (token = platform.wix.mint.appToken(platform.install)) => {
    const { status, body } = await call(`${platform.wix.url}/apps/v1/instance`, { token });
    return { status, instance: body['instance'], site: body['site'], body };
  };

  describe('Get App Instance', () => {
    it('returns the installation and site of the app', async () => {
      const { install, site } = platform;
      install.grant(READ);
      const answer = await instance();

      expect(answer.status).toBe(200);
      expect(answer.instance).toMatchObject({
        instanceId: install.instanceId,
        appName: 'Test app',
        isFree: true,
        permissions: [READ],
      });
      expect(answer.instance).not.toHaveProperty('billing');
      expect(answer.site).toMatchObject({
        siteId: site.siteId,
        siteDisplayName: 'Test site',
        ownerInfo: { email: 'owner@example.com', emailStatus: 'VERIFIED_OPT_IN' },
      });
    });

    it('shows the plan and where the site was cloned from', async () => {
      const { wix, app } = platform;
      const clone = wix.install(app, wix.addSite(), { plan: 'gold', originInstanceId: platform.install.instanceId });
      const answer = await instance(wix.mint.appToken(clone));
      expect(answer.instance).toMatchObject({
        isFree: false,
        billing: { packageName: 'gold' },
        originInstanceId: platform.install.instanceId,
      });
    });

    it('follows the grants and withdrawals of the site', async () => {
      const { install } = platform;
      install.setGrants([READ, MANAGE]);
      install.revoke(READ);
      expect((await instance()).instance).toMatchObject({ permissions: [MANAGE] });
    });

    it('omits an empty list, or sends it', async () => {
      expect((await instance()).instance).not.toHaveProperty('permissions');
      platform.wix.variants.emptyGrants = 'listed';
      expect((await instance()).instance).toMatchObject({ permissions: [] });
    });

    it('lists permission ids when configured, with those of contained scopes', async () => {
      const { wix, install } = platform;
      install.setGrants([MANAGE, 'SCOPE.UNKNOWN', 'OWN.PERMISSION']);
      wix.variants.grants = 'permissions';
      const { permissions } = (await instance()).instance as { permissions: string[] };

      expect(permissions).toEqual(expect.arrayContaining(['WIX_STORES.READ_PRODUCTS', 'WIX_STORES.MODIFY_PRODUCTS']));
      expect(permissions).toEqual(expect.arrayContaining(['SCOPE.UNKNOWN', 'OWN.PERMISSION']));
      expect(permissions).not.toContain(MANAGE);
      expect(new Set(permissions).size).toBe(permissions.length);
    });

    it('refuses all callers but the app on a site', async () => {
      const { wix, install, site, app } = platform;
      const tokens = [
        wix.mint.userToken(install, site.owner, { bound: false }),
        wix.mint.visitorToken(install, site.addVisitor(), { bound: false }),
        wix.mint.appLevelToken(app),
      ];
      for (const token of tokens) expect((await instance(token)).status).toBe(403);
    });
  });

  describe('Send BI Event', () => {
    const send = (body: object, token = platform.wix.mint.appToken(platform.install)) =>
      call(`${platform.wix.url}/apps/v1/bi-event`, { body, token });

    it('stores what the app reports', async () => {
      const finished = { eventName: 'APP_FINISHED_CONFIGURATION' };
      const custom = { eventName: 'CUSTOM', customEventName: 'shipped', eventData: { parcels: '2' } };
      expect(await send(finished)).toMatchObject({ status: 200, body: {} });
      await send(custom);
      expect(platform.install.biEvents).toEqual([finished, custom]);
    });

    it('refuses events Wix does not know, and callers other than the app', async () => {
      const { wix, install, site } = platform;
      const owner = wix.mint.userToken(install, site.owner, { bound: false });
      expect((await send({ eventName: 'MADE_UP' })).status).toBe(400);
      expect((await send({ eventName: 'CUSTOM', customEventName: 'x' })).status).toBe(400);
      expect((await send({ eventName: 'CHARGE' }, owner)).status).toBe(403);
      expect(install.biEvents).toEqual([]);
    });
  });
});
