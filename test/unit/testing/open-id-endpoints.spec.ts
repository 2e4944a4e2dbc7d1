import { createPublicKey, verify } from 'node:crypto';

import { emulatedPlatform, type EmulatedPlatform } from './emulated-platform.js';
import { call } from './http-calls.js';

describe('the emulated OpenID endpoints', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  it('publish the key that id tokens are signed with, and no private part of it', async () => {
    const { wix, app, site } = platform;
    const { body } = await call(`${wix.url}/oauth2/jwks`);
    const [key] = body['keys'] as readonly [Record<string, string>];
    const [header = '', payload = '', signature = ''] = wix.mint.idToken(app, site.owner, { nonce: 'n-1' }).split('.');

    expect(key).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
    expect(key).not.toHaveProperty('d');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ kid: key['kid'], alg: 'RS256' });
    const publicKey = createPublicKey({ key, format: 'jwk' });
    const text = Buffer.from(`${header}.${payload}`);
    expect(verify('sha256', text, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      aud: app.appId,
      sub: site.owner.userId,
      nonce: 'n-1',
    });
  });

  it('describe a Wix user to themselves, and to no other caller', async () => {
    const { wix, install, site } = platform;
    const user = site.addUser({ name: 'Ada King Lovelace', email: 'ada@example.com' });
    const infoFor = (token: string) => call(`${wix.url}/oauth2/user-info`, { token });

    expect(await infoFor(wix.mint.userToken(install, user, { bound: false }))).toMatchObject({
      status: 200,
      body: { sub: user.userId, givenName: 'Ada', familyName: 'King Lovelace', email: 'ada@example.com' },
    });
    expect((await infoFor(wix.mint.appToken(install))).status).toBe(403);
    expect((await call(`${wix.url}/oauth2/user-info`)).status).toBe(401);
  });
});
