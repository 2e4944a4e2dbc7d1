import { firstValueFrom } from 'rxjs';

import type { WixHttpClient } from '../../../src/client/wix-http.client.js';
import type { WixUserIdentity } from '../../../src/core/identities/wix-identity.js';
import { trustedInstanceId } from '../../../src/core/identities/trusted-instance.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { CallingApp, MANAGE, PRODUCTS, STORE } from './calling-app.js';
import { newProduct } from '../../support/new-product.js';

const EXCHANGE = { grantType: 'strip_bound_session' };

describe('A call to Wix', () => {
  let app: CallingApp;

  beforeEach(async () => {
    app = await CallingApp.start();
  });
  afterEach(() => app.stop());

  const create = (client: WixHttpClient) => firstValueFrom(client.post(STORE, { product: newProduct('Mug') }));
  const list = (client: WixHttpClient) => firstValueFrom(client.get(PRODUCTS));

  describe('as the app', () => {
    it('with what the site granted, for every identity', async () => {
      const helper = app.verified(app.install.site.addUser());
      expect(await create(app.http.asInstance(helper))).toMatchObject({ status: 200 });
    });

    it('with one token for all calls at once', async () => {
      await Promise.all(Array.from({ length: 20 }, () => list(app.http.asInstance(app.instance))));
      expect(app.mints).toBe(1);
    });

    it('for as long as the identity is valid', async () => {
      const client = app.http.asInstance(app.verified(app.install.site.owner));
      expect(await list(client)).toMatchObject({ status: 200 });
      app.clock.advance(4 * 3_600_000);
      expect(await codeOf(() => list(client))).toBe('WIX_IDENTITY_EXPIRED');
    });

    it.each<[string, (caller: WixUserIdentity) => unknown]>([
      ['the JSON of a request that looks like an identity', (caller) => JSON.parse(JSON.stringify(caller)) as unknown],
      ['a copy of an identity, dates and all', (caller) => ({ ...caller })],
      ['an id that an identity carries', ({ instanceId }) => instanceId],
      ['an id in an object', ({ instanceId }) => ({ instanceId })],
      ['what looks like an event', ({ instanceId }) => ({ type: 'AppInstalled', instanceId, issuedAt: new Date() })],
      ['nothing', () => undefined],
    ])('not for %s', async (_what, forged) => {
      const given = forged(app.verified(app.install.site.owner)) as never;
      expect(await codeOf(() => app.http.asInstance(given))).toBe('WIX_INSTANCE_NOT_TRUSTED');
      expect(app.wix.requests).toEqual([]);
    });

    it('not for an identity of another registration', async () => {
      const elsewhere = await CallingApp.start();
      const stranger = elsewhere.verified(elsewhere.install.site.owner);
      await elsewhere.stop();
      expect(await codeOf(() => app.http.asInstance(stranger))).toBe('WIX_INSTANCE_NOT_TRUSTED');
    });

    it('not on a site that never installed it', async () => {
      const elsewhere = trustedInstanceId('bbbbbbbb-2222-4222-8222-222222222222');
      expect(await codeOf(() => list(app.http.asInstance(elsewhere)))).toBe('WIX_INSTANCE_UNKNOWN');
    });

    // Checked by the compiler: a line below it that compiles is an error itself.
    it('not on a site that a mere string names', () => {
      const id: string = app.install.instanceId;
      // @ts-expect-error a string proves nothing
      expect(() => app.http.asInstance(id)).toThrow();
      // @ts-expect-error nor does the id of an identity
      expect(() => app.http.asInstance(app.verified(app.install.site.owner).instanceId)).toThrow();
      // @ts-expect-error nor does an object around one
      expect(() => app.http.asInstance({ instanceId: app.instanceId })).toThrow();
      expect(app.http.asInstance(trustedInstanceId(id))).toBeDefined();
    });
  });

  describe('on behalf of a caller', () => {
    it('with what both the app and the user may do', async () => {
      const { site } = app.install;
      expect(await create(app.http.onBehalfOf(app.verified(site.owner)))).toMatchObject({ status: 200 });
      expect(await create(app.http.onBehalfOf(app.verified(site.addUser({ permissions: [MANAGE] }))))).toMatchObject({
        status: 200,
      });
      const helper = app.http.onBehalfOf(app.verified(site.addUser()));
      expect(await errorOf(() => create(helper))).toMatchObject({
        code: 'WIX_API_ERROR',
        status: 403,
        applicationCode: 'UNAUTHORIZED_OPERATION',
        requestId: app.wix.requests.at(-1)?.requestId,
      });
    });

    it('with one exchange of their token, for all calls at once', async () => {
      const owner = app.verified(app.install.site.owner);
      await Promise.all(Array.from({ length: 20 }, () => list(app.http.onBehalfOf(owner))));
      expect(app.wix.count('/oauth2/token', EXCHANGE)).toBe(1);
    });

    it('with another exchange when Wix refuses the token it got', async () => {
      const owner = app.verified(app.install.site.owner);
      app.wix.revoke((await app.tokens.onBehalfOf(owner)).value);
      expect(await list(app.http.onBehalfOf(owner))).toMatchObject({ status: 200 });
      expect(app.wix.count('/oauth2/token', EXCHANGE)).toBe(2);
    });

    it("fails when the caller's own token was revoked", async () => {
      const token = app.wix.mint.userToken(app.install, app.install.site.owner);
      const client = app.http.onBehalfOf(app.verified(app.install.site.owner, token));
      await list(client);
      app.wix.revoke(token);
      app.wix.revoke(String(app.wix.requests.at(-1)?.headers['authorization']));
      expect(await codeOf(() => list(client))).toBe('WIX_ON_BEHALF_UNAVAILABLE');
    });

    it("with the caller's own token where that is configured, and without an exchange", async () => {
      await app.stop();
      app = await CallingApp.start({ onBehalfOf: 'forward', emulator: { variants: { boundTokens: 'accepted' } } });
      const token = app.wix.mint.userToken(app.install, app.install.site.owner);
      const client = app.http.onBehalfOf(app.verified(app.install.site.owner, token));
      expect(await create(client)).toMatchObject({ status: 200 });
      expect(app.wix.requests.at(-1)?.headers['authorization']).toBe(token);

      app.wix.revoke(token);
      expect(await errorOf(() => create(client))).toMatchObject({ status: 401 });
      expect(app.wix.count(STORE)).toBe(2);
      expect(app.mints).toBe(0);
    });

    it('not after their token has expired', async () => {
      const client = app.http.onBehalfOf(app.verified(app.install.site.owner));
      app.clock.advance(4 * 3_600_000);
      expect(await codeOf(() => list(client))).toBe('WIX_IDENTITY_EXPIRED');
    });

    it('not for a copy of an identity', async () => {
      const copy = { ...app.verified(app.install.site.owner) };
      expect(await codeOf(() => list(app.http.onBehalfOf(copy)))).toBe('WIX_ON_BEHALF_UNAVAILABLE');
    });

    it('not for one from a signed instance', async () => {
      const { siteId: _, ...user } = { siteId: '', ...app.verified(app.install.site.owner) };
      const signed = Object.freeze({ ...user, credentialType: 'signed-instance' as const });
      expect(await codeOf(() => list(app.http.onBehalfOf(signed)))).toBe('WIX_ON_BEHALF_UNAVAILABLE');
      expect(app.wix.count(PRODUCTS)).toBe(0);
    });
  });
});
