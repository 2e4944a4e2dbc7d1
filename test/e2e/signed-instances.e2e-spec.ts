import { WixEmulator, type EmulatedApp, type SignedInstanceOptions } from 'nestjs-wix-auth/testing';

import { READ_PRODUCTS, siteWith, type TestSite } from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { rawGet } from '../support/raw-request.js';
import { call, platforms, type Answer, type RunningApp } from '../support/running-app.js';
import { startStore } from '../support/store-app.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe.each(platforms)('Signed instances on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;
  let site: TestSite;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    running = await startStore(platform, wix, app, { clock, signedInstance: { header: 'X-Wix-Instance' } });
  });
  beforeEach(() => {
    site = siteWith(wix, app, READ_PRODUCTS);
    wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const signed = (options?: SignedInstanceOptions) => wix.mint.signedInstance(site.install, options);
  const get = (authorization?: string, path = 'anyone') => call(`${running.url}/${path}`, authorization);
  const withHeader = (instance: string, authorization?: string, path = 'anyone') =>
    call(`${running.url}/${path}`, authorization, { headers: { 'x-wix-instance': instance } });
  const page = (query: string, authorization?: string, init?: RequestInit) =>
    call(`${running.url}/page?${query}`, authorization, init);
  const refused = (code: string, status = 401) => ({ status, body: { code } });
  const privacy = ({ headers }: Answer) => [headers.get('cache-control'), headers.get('referrer-policy')];

  describe('identify the person who opened the page:', () => {
    const who = async (options: SignedInstanceOptions): Promise<unknown> => {
      const { status, body } = await get(signed(options));
      expect(status).toBe(200);
      return body;
    };

    it('the owner', async () => {
      const { owner } = site.site;
      expect(await who({ user: owner })).toEqual({
        type: 'user',
        appId: app.appId,
        instanceId: site.install.instanceId,
        credentialType: 'signed-instance',
        expiresAt: new Date(clock.nowMs() + 4 * HOUR_MS + MINUTE_MS).toISOString(),
        userId: owner.userId,
        isSiteOwner: true,
      });
    });

    it('a collaborator, whom permissions "OWNER" do not make an owner', async () => {
      const user = site.site.addUser();
      expect(await who({ user })).toMatchObject({ type: 'user', userId: user.userId, isSiteOwner: false });
    });

    it('a member', async () => {
      const member = site.site.addMember();
      expect(await who({ member })).toMatchObject({ type: 'member', memberId: member.memberId });
    });

    it('a known person without permissions, who counts as a member', async () => {
      const { userId } = site.site.addUser();
      expect(await who({ fields: { uid: userId } })).toMatchObject({ type: 'member', memberId: userId });
    });

    it('a visitor, whatever else beside "aid" is present', async () => {
      const visitor = site.site.addVisitor();
      const { visitorId } = visitor;
      expect(await who({ visitor })).toMatchObject({ type: 'visitor', visitorId });
      const fields = { uid: site.site.owner.userId, permissions: 'OWNER' };
      expect(await who({ visitor, fields })).toMatchObject({ type: 'visitor', visitorId });
    });

    it('a visitor without a name', async () => {
      const body = await who({});
      expect(body).toMatchObject({ type: 'visitor' });
      expect(body).not.toHaveProperty('visitorId');
    });

    it('never the app', async () => {
      const subjects: SignedInstanceOptions[] = [
        {},
        { user: site.site.owner },
        { fields: { uid: app.appId, permissions: 'OWNER', subjectType: 'APP', type: 'app' } },
      ];
      for (const options of subjects) {
        expect(await get(signed(options), 'instance')).toMatchObject(refused('WIX_IDENTITY_NOT_ALLOWED', 403));
      }
    });
  });

  describe('are accepted', () => {
    it('in Authorization, with and without Bearer, and in the configured header', async () => {
      const instance = signed({ user: site.site.owner });
      for (const answer of [await get(instance), await get(`Bearer ${instance}`), await withHeader(instance)]) {
        expect(answer).toMatchObject({ status: 200, body: { type: 'user' } });
      }
    });

    it('in the query of GET and HEAD routes that opted in, with a private response', async () => {
      const query = `instance=${signed({ user: site.site.owner })}&locale=en&viewMode=dashboard`;
      const answer = await page(query);
      expect(answer).toMatchObject({ status: 200, body: { type: 'user' } });
      expect(privacy(answer)).toEqual(['private, no-store', 'no-referrer']);
      expect(await page(query, undefined, { method: 'HEAD' })).toMatchObject({ status: 200 });
    });

    it('with padding, in the legacy form, and without fields that legacy ones lack', async () => {
      expect(await get(signed({ padded: true }))).toMatchObject({ status: 200 });
      expect(await get(signed({ omit: ['appDefId', 'expirationDate'] }))).toMatchObject({ status: 200 });
    });

    it('twice, when both are the same', async () => {
      const instance = signed();
      expect(await withHeader(instance, instance)).toMatchObject({ status: 200 });
      expect(await withHeader(instance, undefined, `page?instance=${instance}`)).toMatchObject({ status: 200 });
    });

    it('without a request to Wix', async () => {
      await get(signed());
      await page(`instance=${signed()}`);
      await get(signed({ secret: 'forged' }));
      expect(wix.count()).toBe(0);
    });
  });

  describe('in the query are not read', () => {
    it('where the route did not opt in', async () => {
      for (const path of ['anyone', 'user', 'elevated']) {
        const answer = await get(undefined, `${path}?instance=${signed()}`);
        expect(answer).toMatchObject(refused('WIX_CREDENTIALS_MISSING'));
        expect(privacy(answer)).toEqual([null, null]);
      }
    });

    it('of a POST', async () => {
      const instance = signed({ user: site.site.owner });
      const answer = await call(`${running.url}/products?instance=${instance}`, undefined, { method: 'POST' });
      expect(answer).toMatchObject(refused('WIX_CREDENTIALS_MISSING'));
    });

    it('beside an Authorization header', async () => {
      const visitor = site.visitorToken();
      const answer = await page(`instance=${signed({ user: site.site.owner })}`, visitor);
      expect(answer).toMatchObject({ status: 200, body: { type: 'visitor' } });
    });

    it('under another name', async () => {
      const query = `signedInstance=${signed()}&Instance=${signed()}&token=${site.ownerToken()}`;
      expect(await page(query)).toMatchObject(refused('WIX_CREDENTIALS_MISSING'));
    });
  });

  describe('are refused', () => {
    const expired = 'WIX_CREDENTIALS_EXPIRED';
    const malformed = 'WIX_CREDENTIALS_MALFORMED';
    const rejected = 'WIX_CREDENTIALS_REJECTED';
    const at = (ms: number) => clock.nowMs() + ms;

    it.each<{ what: string; code: string; options: () => SignedInstanceOptions }>([
      { what: 'forged', code: rejected, options: () => ({ secret: 'not the secret' }) },
      { what: 'past their expiry', code: expired, options: () => ({ expirationDate: at(-MINUTE_MS) }) },
      {
        what: 'past maxAgeMs, whatever they say',
        code: expired,
        options: () => ({ signDate: at(-4 * HOUR_MS - MINUTE_MS), expirationDate: at(HOUR_MS) }),
      },
      { what: 'from the future', code: malformed, options: () => ({ signDate: at(MINUTE_MS + 1) }) },
      { what: 'undated', code: malformed, options: () => ({ omit: ['signDate'] }) },
      { what: 'entirely undated', code: malformed, options: () => ({ omit: ['signDate', 'expirationDate'] }) },
      {
        what: 'signed on no date',
        code: malformed,
        options: () => ({ signDate: 'yesterday', expirationDate: at(HOUR_MS) }),
      },
      { what: 'expiring on no date', code: malformed, options: () => ({ expirationDate: 'tomorrow' }) },
      {
        what: 'made for another app',
        code: 'WIX_CREDENTIALS_WRONG_APP',
        options: () => ({ fields: { appDefId: wix.addApp().appId } }),
      },
      { what: 'about no installation', code: malformed, options: () => ({ omit: ['instanceId'] }) },
    ])('when $what, wherever they stand', async ({ code, options }) => {
      const instance = signed(options());
      for (const answer of [await get(instance), await withHeader(instance), await page(`instance=${instance}`)]) {
        expect(answer).toMatchObject(refused(code));
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
      }
    });

    it('when altered after they were signed', async () => {
      const [signature] = signed({ visitor: site.site.addVisitor() }).split('.');
      const [, data] = signed({ user: site.site.owner }).split('.');
      expect(await get(`${signature ?? ''}.${data ?? ''}`)).toMatchObject(refused(rejected));
    });

    it('with headers that also hide their address', async () => {
      expect(privacy(await page(`instance=${signed({ secret: 'forged' })}`))).toEqual([
        'private, no-store',
        'no-referrer',
      ]);
    });

    it.each([
      (instance: string) => `instance=${instance}&instance=${instance}`,
      (instance: string) => `instance[]=${instance}`,
      (instance: string) => `instance[a]=${instance}`,
      () => 'instance=',
      () => 'instance=rubbish',
      () => `instance=${site.ownerToken()}`,
    ])('when the query is not exactly one (case %#)', async (query) => {
      expect(await page(query(signed()))).toMatchObject(refused(malformed));
    });

    it('when an access token stands in their header', async () => {
      expect(await withHeader(site.ownerToken())).toMatchObject(refused(malformed));
    });

    it('when two different ones are presented', async () => {
      const [one, other] = [signed({ user: site.site.owner }), signed({ visitor: site.site.addVisitor() })];
      const url = `${running.url}/page`;
      expect(await withHeader(one, other)).toMatchObject(refused('WIX_CREDENTIALS_AMBIGUOUS', 400));
      expect(await withHeader(one, site.ownerToken())).toMatchObject(refused('WIX_CREDENTIALS_AMBIGUOUS', 400));
      expect(await withHeader(one, undefined, `page?instance=${other}`)).toMatchObject(
        refused('WIX_CREDENTIALS_AMBIGUOUS', 400),
      );
      const twice = await rawGet(url, `x-wix-instance: ${one}`, `X-Wix-Instance: ${other}`);
      expect(twice.status).toBe(400);
      expect(twice.body).toContain('WIX_CREDENTIALS_AMBIGUOUS');
    });
  });

  it('are accepted under either secret during a rotation', async () => {
    const rotating = wix.addApp();
    const old = rotating.appSecret;
    const appSecret = [rotating.rotateSecret(), old];
    const store = await startStore(platform, wix, rotating, { clock, appSecret });
    const { install } = siteWith(wix, rotating);
    const statuses = [];
    for (const secret of [...appSecret, 'another']) {
      const { status } = await call(`${store.url}/anyone`, wix.mint.signedInstance(install, { secret }));
      statuses.push(status);
    }
    await store.close();
    expect(statuses).toEqual([200, 200, 401]);
  });

  it('are all refused by an app that accepts none', async () => {
    const strict = await startStore(platform, wix, app, { clock, signedInstance: false });
    const inHeader = await call(`${strict.url}/anyone`, signed());
    const inQuery = await call(`${strict.url}/page?instance=${signed()}`);
    await strict.close();
    expect(inHeader).toMatchObject(refused('WIX_CREDENTIALS_REJECTED'));
    expect(inQuery).toMatchObject(refused('WIX_CREDENTIALS_REJECTED'));
  });
});
