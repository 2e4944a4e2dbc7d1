import { call } from './http-calls.js';
import { emulatedPlatform, type EmulatedPlatform } from './emulated-platform.js';

describe('the emulated /oauth2/token-info', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const infoOn = (token: unknown) => call(`${platform.wix.url}/oauth2/token-info`, { body: { token } });

  it('returns whom a token acts as, for each kind of caller', async () => {
    const { wix, install, site, app } = platform;
    const [user, member, visitor] = [site.addUser(), site.addMember(), site.addVisitor()];
    const cases = [
      [wix.mint.appToken(install), 'APP', app.appId],
      [wix.mint.userToken(install, user), 'USER', user.userId],
      [wix.mint.memberToken(install, member), 'MEMBER', member.memberId],
      [wix.mint.visitorToken(install, visitor), 'VISITOR', visitor.visitorId],
    ] as const;

    for (const [token, subjectType, subjectId] of cases) {
      const { status, body } = await infoOn(token);
      expect(status).toBe(200);
      expect(body).toEqual({
        active: true,
        subjectType,
        subjectId,
        exp: 1_772_380_800,
        iat: 1_772_366_400,
        clientId: app.appId,
        siteId: site.siteId,
        instanceId: install.instanceId,
      });
    }
  });

  it('names the plan the site bought, in tokens and signed instances', async () => {
    const { wix, install } = platform;
    const planOn = async (credential: string) => (await infoOn(credential)).body['vendorProductId'];

    expect(await planOn(wix.mint.appToken(install))).toBeUndefined();
    install.plan = 'gold';
    expect(await planOn(wix.mint.appToken(install))).toBe('gold');
    expect(await planOn(wix.mint.signedInstance(install))).toBe('gold');
  });

  it('writes its values as text, or only its numbers, when configured', async () => {
    const { wix, install } = platform;
    const token = wix.mint.appToken(install);
    wix.variants.tokenInfo = 'strings';
    expect((await infoOn(token)).body).toMatchObject({ active: 'true', exp: '1772380800', iat: '1772366400' });
    expect((await infoOn(wix.mint.appToken(install, { expiresInSeconds: 0 }))).body).toEqual({ active: 'false' });
    wix.variants.tokenInfo = 'protobuf';
    expect((await infoOn(token)).body).toMatchObject({ active: true, exp: '1772380800' });
  });

  it('introspects tokens of other apps under their own client id', async () => {
    const { wix, site } = platform;
    const other = wix.addApp();
    const { body } = await infoOn(wix.mint.userToken(wix.install(other, site), site.owner));
    expect(body).toMatchObject({ active: true, clientId: other.appId });
  });

  it('reports a token as inactive once it expires, or answers 401', async () => {
    const { wix, install, time } = platform;
    const token = wix.mint.appToken(install);
    time.pass(14_399_000);
    expect((await infoOn(token)).body).toMatchObject({ active: true });
    time.pass(1_000);
    expect((await infoOn(token)).body).toEqual({ active: false });
    wix.variants.expiredToken = 401;
    expect((await infoOn(token)).status).toBe(401);
  });

  it('reports revoked tokens and those of removed installations as inactive', async () => {
    const { wix, install } = platform;
    const [revoked, other] = [wix.mint.appToken(install), wix.mint.appToken(install)];
    wix.revoke(revoked);
    expect((await infoOn(revoked)).body).toEqual({ active: false });
    expect((await infoOn(other)).body).toMatchObject({ active: true });

    install.remove();
    expect((await infoOn(other)).body).toEqual({ active: false });
    wix.variants.tokensOfRemovedInstalls = 'alive';
    expect((await infoOn(other)).body).toMatchObject({ active: true });
  });

  it('answers 400 to what it never issued: garbage, forgeries, altered tokens, refresh tokens, API keys', async () => {
    const { wix, install, site } = platform;
    const altered = wix.mint.appToken(install).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const forged = wix.mint.userToken(install, site.owner, { forged: true });
    for (const token of ['garbage', altered, forged, wix.mint.refreshToken(install), wix.mint.apiKey()]) {
      const { status, body } = await infoOn(token);
      expect(status).toBe(400);
      expect(body).toMatchObject({ message: expect.any(String), details: expect.any(Object) });
    }
    wix.variants.unknownToken = 'inactive';
    expect((await infoOn('garbage')).body).toEqual({ active: false });
    wix.variants.unknownToken = 401;
    expect((await infoOn('garbage')).status).toBe(401);
  });

  it('refuses a missing token and one of the wrong type', async () => {
    expect((await infoOn('')).status).toBe(400);
    expect((await infoOn({ a: 1 })).body).toMatchObject({ message: 'Unexpected value for StringValue' });
  });

  it('reads the token regardless of the content type, as from the documented curl line', async () => {
    const { wix, install } = platform;
    const body = JSON.stringify({ token: wix.mint.appToken(install) });
    for (const contentType of ['application/x-www-form-urlencoded', 'text/plain']) {
      const answer = await call(`${wix.url}/oauth2/token-info`, { body, headers: { 'content-type': contentType } });
      expect(answer.body).toMatchObject({ active: true });
    }
  });

  it('returns what a test defines about a token', async () => {
    const { wix, install, site } = platform;
    const odd = { subjectType: 'UNKNOWN', instanceId: undefined };
    const { body } = await infoOn(wix.mint.userToken(install, site.owner, { tokenInfo: odd }));
    expect(body).toMatchObject({ active: true, subjectType: 'UNKNOWN' });
    expect(body).not.toHaveProperty('instanceId');
  });

  describe('on a signed instance', () => {
    it('returns whom it names', async () => {
      const { wix, install, site, app } = platform;
      const [member, visitor] = [site.addMember(), site.addVisitor()];
      const cases = [
        [{ user: site.owner }, 'USER', site.owner.userId],
        [{ member }, 'MEMBER', member.memberId],
        [{ visitor }, 'VISITOR', visitor.visitorId],
      ] as const;
      for (const [who, subjectType, subjectId] of cases) {
        const { body } = await infoOn(wix.mint.signedInstance(install, who));
        expect(body).toMatchObject({ active: true, subjectType, subjectId, clientId: app.appId });
        expect(body).toMatchObject({ instanceId: install.instanceId, exp: 1_772_380_800 });
      }
    });

    it('reports it as inactive when expired, revoked, or of a removed installation', async () => {
      const { wix, install, site, time } = platform;
      const [revoked, other] = [{ user: site.owner }, {}].map((who) => wix.mint.signedInstance(install, who));
      wix.revoke(revoked ?? '');
      expect((await infoOn(revoked)).body).toEqual({ active: false });
      install.remove();
      expect((await infoOn(other)).body).toEqual({ active: false });
      install.reinstall();
      expect((await infoOn(other)).body).toMatchObject({ active: true });
      time.pass(14_400_000);
      expect((await infoOn(other)).body).toEqual({ active: false });
    });

    it('refuses one that is signed with another secret or altered', async () => {
      const { wix, install } = platform;
      const forged = wix.mint.signedInstance(install, { secret: 'another secret' });
      const [signature] = wix.mint.signedInstance(install).split('.');
      const [, otherData] = wix.mint.signedInstance(install, { fields: { uid: 'me' } }).split('.');
      for (const token of [forged, `${signature ?? ''}.${otherData ?? ''}`])
        expect((await infoOn(token)).status).toBe(400);
    });
  });
});
