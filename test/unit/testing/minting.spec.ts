import { createHmac, createPublicKey, createSign, createVerify } from 'node:crypto';

import { emulatedPlatform, type EmulatedPlatform } from './emulated-platform.js';

const decoded = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

/** The `data.instance` of an access token. */
function claimsOf(token: string): Record<string, unknown> {
  const { data } = decoded(token.split('.')[3]);
  return (JSON.parse(String(data)) as { instance: Record<string, unknown> }).instance;
}

/** Section 6.4 of the protocol sheet, written down once more: the signature covers the received characters. */
function isGenuine(signedInstance: string, secret: string): boolean {
  const [signature, data = ''] = signedInstance.split('.');
  return signature === createHmac('sha256', Buffer.from(secret, 'utf8')).update(data).digest('base64url');
}

describe('the credentials the emulator mints', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  describe('access tokens', () => {
    it("have the shape of Wix's tokens", () => {
      const { wix, install, site, app } = platform;
      const token = wix.mint.userToken(install, site.owner);
      const [name, kind, header, payload, signature] = token.split('.');

      expect([name, kind]).toEqual(['OauthNG', 'JWS']);
      expect(decoded(header)).toEqual({ kid: expect.stringMatching(/^.{8}$/), alg: 'HS256' });
      expect(decoded(payload)).toEqual({ data: expect.any(String), iat: 1_772_366_400, exp: 1_772_380_800 });
      expect(signature).toMatch(/^[\w-]{43}$/);
      expect(claimsOf(token)).toMatchObject({
        instanceId: install.instanceId,
        appDefId: app.appId,
        metaSiteId: site.siteId,
        siteOwnerId: site.owner.userId,
        uid: site.owner.userId,
        signDate: '2026-03-01T12:00:00.000Z',
        expirationDate: '2026-03-01T16:00:00.000Z',
        demoMode: false,
      });
    });

    it('name users by uid, members by uid and aid, visitors by aid, and the app by neither', () => {
      const { wix, install, site } = platform;
      const [member, visitor] = [site.addMember(), site.addVisitor()];
      const of = (token: string) => {
        const { uid, aid, siteMemberId } = claimsOf(token);
        return { uid, aid, siteMemberId };
      };

      expect(of(wix.mint.userToken(install, site.owner))).toEqual({ uid: site.owner.userId });
      expect(of(wix.mint.memberToken(install, member))).toEqual({
        uid: member.memberId,
        aid: member.visitorId,
        siteMemberId: member.memberId,
      });
      expect(of(wix.mint.visitorToken(install, visitor))).toEqual({ aid: visitor.visitorId });
      expect(of(wix.mint.appToken(install))).toEqual({});
      expect(claimsOf(wix.mint.appLevelToken(platform.app))).not.toHaveProperty('instanceId');
    });

    it('can be made for any time', () => {
      const { wix, install } = platform;
      const times = (options: object) => {
        const { iat, exp } = decoded(wix.mint.appToken(install, options).split('.')[3]);
        return [Number(iat) - 1_772_366_400, Number(exp) - 1_772_366_400];
      };

      expect(times({})).toEqual([0, 14_400]);
      expect(times({ expiresInSeconds: 5 })).toEqual([0, 5]);
      expect(times({ expiresInSeconds: -5 })).toEqual([-14_405, -5]);
      expect(times({ issuedAt: platform.time.ms - 60_000 })).toEqual([-60, 14_340]);
      expect(times({ issuedAt: new Date(platform.time.ms - 60_000), expiresInSeconds: 5 })).toEqual([-60, 5]);
    });

    it('can say something else than token-info does', () => {
      const { wix, install } = platform;
      const claims = claimsOf(wix.mint.appToken(install, { claims: { instanceId: 'another', metaSiteId: undefined } }));
      expect(claims['instanceId']).toBe('another');
      expect(claims).not.toHaveProperty('metaSiteId');
    });

    it('are refused for people of another site', () => {
      const elsewhere = platform.wix.addSite();
      expect(() => platform.wix.mint.userToken(platform.install, elsewhere.owner)).toThrow(/another site/);
    });
  });

  it('includes refresh tokens and API keys in the shapes of Wix', () => {
    const { wix, install } = platform;
    const [kind, , payload, ...rest] = wix.mint.refreshToken(install).split('.');
    const { data, iat, exp } = decoded(payload);
    expect([kind, rest.length]).toEqual(['JWS', 1]);
    expect(JSON.parse(String(data))).toMatch(/^[\da-f-]{36}$/);
    expect(Number(exp) - Number(iat)).toBe(31_536_000);

    const [keyKind, keyHeader, keyPayload] = wix.mint.apiKey().split('.');
    expect(keyKind).toBe('IST');
    expect(decoded(keyHeader)).toMatchObject({ alg: 'RS256' });
    expect(decoded(keyPayload)).not.toHaveProperty('exp');
  });

  describe('signed instances', () => {
    it('carry the HMAC of the received characters under the app secret', () => {
      const { wix, install, app } = platform;
      const instance = wix.mint.signedInstance(install);
      const padded = wix.mint.signedInstance(install, { padded: true, fields: { filler: 'x' } });

      expect(instance).toMatch(/^[\w-]{43}\.[\w-]+$/);
      for (const text of [instance, padded]) {
        expect(isGenuine(text, app.appSecret)).toBe(true);
        expect(isGenuine(text, 'another secret')).toBe(false);
      }
      expect(isGenuine(wix.mint.signedInstance(install, { secret: 'another secret' }), 'another secret')).toBe(true);
    });

    it('are verified by an algorithm that accepts a genuine one of Wix', () => {
      const published =
        'AjQ3BniGXfSOjKw4ej_V0kh4-WF5eB2IRnbvsak9kwc.eyJpbnN0YW5jZUlkIjoiOWY5YzVjMTYtNTljOC00NzA4LThjMjUtODU1NTA1ZGFhOTU0Iiwic2lnbkRhdGUiOiIyMDEyLTA4LTA4VDIyOjEyOjE2LjU4OVoiLCJ1aWQiOiIyOWQ4MjA0YS0zYjgyLTRhOTgtOGQ4Ni0yNDY0YTZiODM2ZGEiLCJwZXJtaXNzaW9ucyI6Ik9XTkVSIn0';
      expect(isGenuine(published, 'd245bbf8-57eb-49d6-aeff-beff6d82cd39')).toBe(true);
    });

    const fieldsOf = (options: object, instance = platform.wix.mint.signedInstance(platform.install, options)) =>
      decoded(instance.split('.')[1]);

    it('identify the person who opened the page', () => {
      const { site, install, app } = platform;
      const [user, member, visitor] = [site.addUser(), site.addMember(), site.addVisitor()];

      expect(fieldsOf({ user })).toEqual({
        instanceId: install.instanceId,
        appDefId: app.appId,
        signDate: '2026-03-01T12:00:00.000Z',
        uid: user.userId,
        loginAccountId: user.accountId,
        permissions: 'OWNER',
        demoMode: false,
        siteOwnerId: site.owner.userId,
        expirationDate: '2026-03-01T16:00:00.000Z',
        vendorProductId: null,
      });
      expect(fieldsOf({ member })).toMatchObject({ uid: member.memberId, siteMemberId: member.memberId });
      expect(fieldsOf({ visitor })).toMatchObject({ uid: null, aid: visitor.visitorId, permissions: null });
      expect(fieldsOf({})).toMatchObject({ uid: null });
      expect(() => fieldsOf({ user, visitor })).toThrow(/one person/);
    });

    it('can be undated, misdated, stripped and extended', () => {
      expect(fieldsOf({ signDate: 'soon' })).toMatchObject({ signDate: 'soon' });
      expect(fieldsOf({ signDate: 0 })).toMatchObject({ expirationDate: '1970-01-01T04:00:00.000Z' });
      expect(fieldsOf({ omit: ['signDate', 'appDefId'] })).not.toHaveProperty('signDate');
      expect(fieldsOf({ fields: { metaSiteId: 'site' } })).toMatchObject({ metaSiteId: 'site' });
      expect(fieldsOf({ permissions: 'OWNER' })).toMatchObject({ permissions: 'OWNER' });
    });

    it('name the plan and the instance it was cloned from', () => {
      const { wix, app } = platform;
      const clone = wix.install(app, wix.addSite(), { plan: 'gold', originInstanceId: platform.install.instanceId });
      const fields = fieldsOf({}, wix.mint.signedInstance(clone));
      expect(fields).toMatchObject({ vendorProductId: 'gold', originInstanceId: platform.install.instanceId });
    });
  });

  it('gives each app a key pair of its own', () => {
    const { app, wix } = platform;
    const signature = createSign('RSA-SHA256').update('text').sign(app.privateKey);
    const verifies = (publicKey: string) => createVerify('RSA-SHA256').update('text').verify(publicKey, signature);

    expect(createPublicKey(app.publicKey).asymmetricKeyType).toBe('rsa');
    expect(verifies(app.publicKey)).toBe(true);
    expect(verifies(wix.addApp().publicKey)).toBe(false);
  });
});
