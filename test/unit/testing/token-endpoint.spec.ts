import { call, type Received } from './http-calls.js';
import { emulatedPlatform, type EmulatedPlatform } from './emulated-platform.js';

describe('the emulated /oauth2/token', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const askFor = (body: unknown, headers?: Record<string, string>): Promise<Received> =>
    call(`${platform.wix.url}/oauth2/token`, { body, ...(headers ? { headers } : {}) });

  const credentials = () => ({
    grant_type: 'client_credentials',
    client_id: platform.app.appId,
    client_secret: platform.app.appSecret,
    instance_id: platform.install.instanceId,
  });

  const infoOn = async (token: unknown) => {
    const { body } = await call(`${platform.wix.url}/oauth2/token-info`, { body: { token } });
    return body;
  };

  describe('client_credentials', () => {
    it('issues a bearer token of four hours that acts as the app', async () => {
      const { status, body } = await askFor(credentials());

      expect(status).toBe(200);
      expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 14_400 });
      expect(await infoOn(body['access_token'])).toMatchObject({
        active: true,
        subjectType: 'APP',
        clientId: platform.app.appId,
        instanceId: platform.install.instanceId,
        siteId: platform.site.siteId,
      });
    });

    it('issues a different token each time, and the earlier ones stay valid', async () => {
      const [first, second] = [await askFor(credentials()), await askFor(credentials())];

      expect(first.body['access_token']).not.toBe(second.body['access_token']);
      expect(await infoOn(first.body['access_token'])).toMatchObject({ active: true });
    });

    it('accepts camelCase, a mix of casings, and forms', async () => {
      const { client_id: clientId, client_secret: clientSecret, instance_id: instanceId } = credentials();
      const camelCase = { grantType: 'client_credentials', clientId, clientSecret, instanceId };
      const mixed = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, instanceId };
      const form = new URLSearchParams(credentials()).toString();
      const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

      for (const answer of [await askFor(camelCase), await askFor(mixed), await askFor(form, asForm)]) {
        expect(answer.status).toBe(200);
        expect(await infoOn(answer.body['access_token'])).toMatchObject({ instanceId });
      }
    });

    it('accepts JSON sent under the content type of a form, as curl sends it', async () => {
      const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
      expect((await askFor(JSON.stringify(credentials()), asForm)).status).toBe(200);
    });

    it('refuses a wrong secret and an unknown app with invalid_client', async () => {
      for (const wrong of [{ client_secret: 'wrong' }, { client_id: 'unknown' }]) {
        const { status, body } = await askFor({ ...credentials(), ...wrong });
        expect(status).toBe(401);
        expect(body).toEqual({ error: 'invalid_client' });
      }
    });

    it('refuses the former secret once it is rotated', async () => {
      const former = credentials();
      platform.app.rotateSecret();

      expect((await askFor(former)).status).toBe(401);
      expect((await askFor(credentials())).status).toBe(200);
    });

    it('refuses an instance id it never issued, one of another app, and a removed one', async () => {
      const other = platform.wix.install(platform.wix.addApp(), platform.site);
      for (const instanceId of ['00000000-0000-0000-0000-000000000000', other.instanceId]) {
        const { status, body } = await askFor({ ...credentials(), instance_id: instanceId });
        expect(status).toBe(404);
        expect(body).toMatchObject({ message: expect.any(String), details: expect.any(Object) });
      }

      platform.install.remove();
      expect((await askFor(credentials())).status).toBe(404);
      platform.install.reinstall();
      expect((await askFor(credentials())).status).toBe(200);
    });

    it.each([400, 401, 404] as const)('answers %d for an unknown instance when configured', async (status) => {
      platform.wix.variants.unknownInstance = status;
      expect((await askFor({ ...credentials(), instance_id: 'unknown' })).status).toBe(status);
    });

    it('issues a token without site context when no instance id is named', async () => {
      const { instance_id: _, ...withoutInstance } = credentials();
      const { status, body } = await askFor(withoutInstance);

      expect(status).toBe(200);
      const info = await infoOn(body['access_token']);
      expect(info).toMatchObject({ active: true, subjectType: 'APP' });
      expect(info).not.toHaveProperty('instanceId');
    });

    it('can omit expires_in, write it as text, and issue shorter lives', async () => {
      platform.wix.variants.accessTokenLifetimeSeconds = 60;
      platform.wix.variants.expiresIn = 'string';
      expect((await askFor(credentials())).body).toMatchObject({ expires_in: '60' });
      platform.wix.variants.expiresIn = 'missing';
      expect((await askFor(credentials())).body).not.toHaveProperty('expires_in');
    });
  });

  describe('anonymous and refresh_token', () => {
    const request = () => askFor({ grantType: 'anonymous', clientId: platform.app.appId });

    it('makes each caller a new visitor', async () => {
      const [first, second] = [await request(), await request()];
      const [one, two] = [await infoOn(first.body['access_token']), await infoOn(second.body['access_token'])];

      expect(one).toMatchObject({ subjectType: 'VISITOR' });
      expect(one['subjectId']).not.toBe(two['subjectId']);
    });

    it('renews the same visitor by refresh token, which stays valid', async () => {
      const { body } = await request();
      const visitor = await infoOn(body['access_token']);
      platform.time.pass(14_400_000);
      const renewed = await askFor({ grantType: 'refresh_token', refreshToken: body['refresh_token'] });

      expect(renewed.body['refresh_token']).toBe(body['refresh_token']);
      expect(await infoOn(renewed.body['access_token'])).toMatchObject({
        subjectId: visitor['subjectId'],
        active: true,
      });
    });

    it('rejects unknown, foreign, revoked and expired refresh tokens with invalid_grant', async () => {
      const mine = platform.wix.mint.refreshToken(platform.install);
      const revoked = platform.wix.mint.refreshToken(platform.install);
      platform.wix.revoke(revoked);
      const refresh = (token: string, clientId = platform.app.appId) =>
        askFor({ grant_type: 'refresh_token', refresh_token: token, client_id: clientId });

      expect((await refresh(mine)).status).toBe(200);
      for (const answer of [await refresh('JWS.a.b.c'), await refresh(mine, 'another'), await refresh(revoked)]) {
        expect([answer.status, answer.body]).toEqual([400, { error: 'invalid_grant' }]);
      }
      platform.time.pass(366 * 86_400_000);
      expect((await refresh(mine)).body).toEqual({ error: 'invalid_grant' });
    });
  });

  describe('strip_bound_session', () => {
    const strip = (token: string, secret = platform.app.appSecret) =>
      askFor({ grant_type: 'strip_bound_session', client_secret: secret, access_token: token });

    it('issues an unbound token of the same identity and expiry', async () => {
      const { wix, install, site } = platform;
      const fromBrowser = wix.mint.userToken(install, site.owner, { expiresInSeconds: 600 });
      platform.time.pass(100_000);
      const { status, body } = await strip(fromBrowser);

      expect(status).toBe(200);
      expect(body).toMatchObject({ expires_in: 500 });
      expect(body['access_token']).not.toBe(fromBrowser);
      expect(await infoOn(body['access_token'])).toEqual(await infoOn(fromBrowser));
    });

    it("requires the secret of the token's app", async () => {
      const token = platform.wix.mint.userToken(platform.install, platform.site.owner);
      expect((await strip(token, platform.wix.addApp().appSecret)).body).toEqual({ error: 'invalid_client' });
    });

    it('refuses expired, revoked and unknown tokens with invalid_grant', async () => {
      const { wix, install, site } = platform;
      const expired = wix.mint.userToken(install, site.owner, { expiresInSeconds: -1 });
      const revoked = wix.mint.userToken(install, site.owner);
      wix.revoke(revoked);
      const forged = wix.mint.userToken(install, site.owner, { forged: true });

      for (const token of [expired, revoked, forged]) {
        expect((await strip(token)).body).toEqual({ error: 'invalid_grant' });
      }
    });
  });

  describe('unreadable requests', () => {
    it('answers invalid_request for a missing field and unsupported_grant_type for an unknown grant', async () => {
      const { client_secret: _, ...withoutSecret } = credentials();
      expect((await askFor(withoutSecret)).body).toEqual({ error: 'invalid_request' });
      expect((await askFor({ grant_type: 'password' })).body).toEqual({ error: 'unsupported_grant_type' });
      expect((await askFor({ grant_type: 'constructor' })).body).toEqual({ error: 'unsupported_grant_type' });
      for (const body of ['', 'nonsense', '[]']) {
        const answer = await call(`${platform.wix.url}/oauth2/token`, { method: 'POST', body });
        expect([answer.status, answer.body]).toEqual([400, { error: 'invalid_request' }]);
      }
    });

    it('answers "Unexpected value for StringValue" for a wrong JSON type', async () => {
      const { status, body } = await askFor({ ...credentials(), instance_id: { id: 1 } });
      expect(status).toBe(400);
      expect(body).toMatchObject({ message: 'Unexpected value for StringValue' });
    });

    it('explains itself in a header of its own', async () => {
      const { headers } = await askFor({ ...credentials(), client_id: 'typo' });
      expect(headers.get('x-emulator-note')).toContain('typo');
    });
  });

  it('gives every response a request id of its own in the format of Wix', async () => {
    const answers = [await askFor(credentials()), await askFor({}), await askFor(credentials())];
    const ids = answers.map(({ headers }) => headers.get('x-wix-request-id'));

    for (const id of ids) expect(id).toMatch(/^1772366400\.\d{18}$/);
    expect(new Set(ids).size).toBe(3);
  });
});
