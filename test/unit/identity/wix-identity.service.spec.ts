import { inspect } from 'node:util';

import { jest } from '@jest/globals';

import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import { PresentedTokens } from '../../../src/core/identities/presented-tokens.js';
import type { AnyWixIdentity } from '../../../src/core/identities/wix-identity.js';
import { laneSlots } from '../../../src/http/wix-agents.js';
import { AccessTokenVerifier } from '../../../src/identity/introspection/access-token.verifier.js';
import { IntrospectionLimiter } from '../../../src/identity/introspection/introspection-limiter.js';
import { RecentInstallations } from '../../../src/identity/introspection/recent-installations.js';
import { SignedInstanceVerifier } from '../../../src/identity/signed-instance.verifier.js';
import { TokenInfoEndpoint } from '../../../src/identity/introspection/token-info.endpoint.js';
import { WixIdentityService, type IdentitySettings } from '../../../src/identity/wix-identity.service.js';
import {
  APP_ID,
  APP_SECRET,
  INSTANCE,
  INSTANCE_TEXT,
  OTHER_APP_ID,
  OTHER_INSTANCE,
  OWNER_ID,
  SITE_ID,
  USER_ID,
  app,
} from '../../support/app.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { accessToken, rawToken, signedInstance } from '../../support/credentials.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import { ScriptedWix, type WireAnswer } from '../../support/scripted-wix.js';
import { sharingBy } from '../../support/sharing.js';
import { asTexts, tokenInfo } from '../../support/token-info.js';

const SETTINGS: IdentitySettings = {
  ttlMs: 60_000,
  staleIfErrorMs: 0,
  rejectedTtlMs: 10_000,
  maxEntries: 1_000,
  maxCredentialBytes: 8_192,
};
const LIFE_S = 14_400;
// Too long to be waited for, so it is not asked again within one request.
const DOWN: WireAnswer = { status: 503, headers: { 'retry-after': '60' } };
const PAGE = '<html><body>Something went wrong</body></html>';

describe('WixIdentityService', () => {
  let clock: FakeClock;
  let wix: ScriptedWix;
  let presented: PresentedTokens;
  let exp: number;
  let token: string;
  let service: WixIdentityService;

  const serviceWith = (settings: Partial<IdentitySettings> = {}, requestsPerSecond = 250): WixIdentityService => {
    const sharing = sharingBy(new MapTokenStore(), clock);
    const recent = new RecentInstallations(sharing.store, clock);
    return new WixIdentityService(
      {
        accessTokens: new AccessTokenVerifier(new TokenInfoEndpoint(wix.client(clock)), clock, APP_ID),
        signedInstances: new SignedInstanceVerifier(app(), clock, 4 * 3_600_000),
        limiter: new IntrospectionLimiter(
          { maxRequestsPerSecond: requestsPerSecond, maxWaitMs: 10_000 },
          recent,
          clock,
        ),
        presented,
        known: new KnownInstances(clock),
        recent,
        sharing,
        clock,
        appId: APP_ID,
      },
      { ...SETTINGS, ...settings },
    );
  };

  const infoSays = (overrides: object): void => wix.answers(() => ({ body: tokenInfo(exp, overrides) }));
  const verifyCode = (credential = token): Promise<unknown> => codeOf(() => service.verify(credential));
  /** Verifies while nothing answers well, letting all waiting between attempts pass. */
  const codeWhile = async (answer: WireAnswer | string, credential = token): Promise<unknown> => {
    wix.answers(() => answer);
    jest.useFakeTimers();
    const code = verifyCode(credential);
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    return code;
  };
  const tokenNumber = (index: number): string => accessToken(exp, {}, `signature-${String(index)}-`.padEnd(43, 'x'));

  beforeEach(() => {
    clock = new FakeClock();
    presented = new PresentedTokens();
    exp = clock.nowS() + LIFE_S;
    token = accessToken(exp);
    wix = new ScriptedWix(() => ({ body: tokenInfo(exp) }));
    service = serviceWith();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  describe('an access token', () => {
    const base = (): object => ({
      appId: APP_ID,
      instanceId: INSTANCE_TEXT,
      siteId: SITE_ID,
      credentialType: 'access-token',
      expiresAt: new Date(exp * 1_000),
    });

    it.each<[string, object, object]>([
      ['APP', { subjectId: APP_ID }, { type: 'app' }],
      ['USER', {}, { type: 'user', userId: USER_ID, isSiteOwner: false }],
      ['MEMBER', {}, { type: 'member', memberId: USER_ID }],
      ['VISITOR', {}, { type: 'visitor', visitorId: USER_ID }],
    ])('of subject type %s has its identity, in both JSON forms', async (subjectType, overrides, expected) => {
      const info = tokenInfo(exp, { subjectType, ...overrides });
      wix.answers(() => ({ body: info }));
      expect(await service.verify(token)).toEqual({ ...base(), ...expected });
      wix.answers(() => ({ body: asTexts(info) }));

      expect(await serviceWith().verify(token)).toEqual({ ...base(), ...expected });
    });

    it.each(['Bearer ', 'bearer ', 'BEARER '])('may follow %j', async (scheme) => {
      expect(await service.verify(`${scheme}${token}`)).toMatchObject({ type: 'user' });
      expect(wix.requests[0]?.body).toEqual({ token });
    });

    it('of the legacy form is introspected too', async () => {
      const legacy = token.replace('OauthNG.JWS.', 'OAUTH2.');

      expect(await service.verify(legacy)).toMatchObject({ type: 'user' });
      expect(wix.requests[0]?.body).toEqual({ token: legacy });
    });

    it.each<[string, object, string]>([
      ['is not active', { active: false }, 'WIX_CREDENTIALS_REJECTED'],
      ['is not active, in text', { active: 'false' }, 'WIX_CREDENTIALS_REJECTED'],
      ['was issued for another app', { clientId: OTHER_APP_ID }, 'WIX_CREDENTIALS_WRONG_APP'],
      ['names no app', { clientId: undefined }, 'WIX_CREDENTIALS_WRONG_APP'],
      ['names no app, in a way', { clientId: '' }, 'WIX_CREDENTIALS_WRONG_APP'],
      ['belongs to no installation', { instanceId: undefined }, 'WIX_CREDENTIALS_REJECTED'],
      ['belongs to an unknown subject', { subjectType: 'UNKNOWN' }, 'WIX_CREDENTIALS_REJECTED'],
      ['belongs to no subject type', { subjectType: undefined }, 'WIX_CREDENTIALS_REJECTED'],
      ['writes its subject type otherwise', { subjectType: 'app' }, 'WIX_CREDENTIALS_REJECTED'],
      ['names no subject', { subjectId: undefined }, 'WIX_CREDENTIALS_REJECTED'],
    ])('that %s is refused', async (_what, overrides, code) => {
      infoSays(overrides);

      expect(await verifyCode()).toBe(code);
    });

    it('that Wix calls active past its own expiry is refused', async () => {
      wix.answers(() => ({ body: tokenInfo(clock.nowS()) }));

      expect(await verifyCode()).toBe('WIX_CREDENTIALS_EXPIRED');
    });

    it('is compared with the app id in any casing', async () => {
      infoSays({ clientId: APP_ID.toUpperCase(), instanceId: INSTANCE_TEXT.toUpperCase() });

      expect(await service.verify(token)).toMatchObject({ appId: APP_ID, instanceId: INSTANCE_TEXT });
    });

    it('is refused when Wix answers 401 with an empty body, and that is remembered', async () => {
      wix.answers(() => ({ status: 401 }));

      expect([await verifyCode(), await verifyCode()]).toEqual([
        'WIX_CREDENTIALS_REJECTED',
        'WIX_CREDENTIALS_REJECTED',
      ]);
      expect(wix.requests).toHaveLength(1);
    });

    it.each<[string, WireAnswer | string]>([
      ['HTML', { body: PAGE }],
      ['{}', { body: {} }],
      ['active: null', { body: { active: null } }],
      ['nothing', {}],
      ['429', { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '30' } }],
      ['500', { status: 500, body: { message: '', details: {} } }],
      ['a page with 403', { status: 403, body: PAGE }],
      ['a broken connection', 'ECONNRESET'],
    ])('is neither accepted nor refused while Wix answers %s, and is once it recovers', async (_what, answer) => {
      expect(await codeWhile(answer)).toBe('WIX_UNAVAILABLE');
      infoSays({});
      // What Wix asked to wait is over.
      clock.advance(30_000);

      expect(await service.verify(token)).toMatchObject({ type: 'user' });
    });
  });

  describe('what needs no request', () => {
    it.each<[string, () => string, string]>([
      ['an expired token', () => accessToken(clock.nowS()), 'WIX_CREDENTIALS_EXPIRED'],
      ['a token naming another app', () => accessToken(exp, { appDefId: OTHER_APP_ID }), 'WIX_CREDENTIALS_WRONG_APP'],
      [
        'a token that cannot be decoded',
        () => `OauthNG.JWS.${'a'.repeat(20)}.bm90IEpTT04.sig`,
        'WIX_CREDENTIALS_MALFORMED',
      ],
      ['a refresh token', () => token.replace('OauthNG.', ''), 'WIX_CREDENTIALS_MALFORMED'],
      ['an API key', () => token.replace('OauthNG.JWS.', 'IST.'), 'WIX_API_KEY_REFUSED'],
      ['garbage', () => 'garbage', 'WIX_CREDENTIALS_MALFORMED'],
      ['nothing', () => '', 'WIX_CREDENTIALS_MALFORMED'],
      ['Bearer alone', () => 'Bearer ', 'WIX_CREDENTIALS_MALFORMED'],
      ['a megabyte', () => `OauthNG.JWS.a.${'a'.repeat(1_000_000)}.a`, 'WIX_CREDENTIALS_MALFORMED'],
      ['a token over the limit', () => accessToken(exp, {}, 'a'.repeat(8_192)), 'WIX_CREDENTIALS_MALFORMED'],
    ])('refuses %s', async (_what, make, code) => {
      expect(await verifyCode(make())).toBe(code);
      expect(wix.requests).toHaveLength(0);
    });

    it('reads credentials up to the limit', async () => {
      const long = accessToken(exp, {}, 'a'.repeat(8_192 - accessToken(exp, {}, '').length));

      expect(long).toHaveLength(8_192);
      expect(await service.verify(`Bearer ${long}`)).toMatchObject({ type: 'user' });
    });

    it('introspects a token whose payload has no claims', async () => {
      expect(await service.verify(rawToken({}))).toMatchObject({ type: 'user', isSiteOwner: false });
      expect(wix.requests).toHaveLength(1);
    });
  });

  describe('isSiteOwner', () => {
    const ownerToken = (): string => accessToken(exp, { uid: OWNER_ID, siteOwnerId: OWNER_ID });
    const isOwner = async (credential: string, overrides: object): Promise<unknown> => {
      infoSays({ subjectId: OWNER_ID, ...overrides });
      const identity = await service.verify(credential);
      return identity.type === 'user' ? identity.isSiteOwner : identity.type;
    };

    it('is read from the payload when Wix agrees with all its other claims', async () => {
      expect(await isOwner(ownerToken(), {})).toBe(true);
      expect(await isOwner(ownerToken(), { exp: String(exp) })).toBe(true);
    });

    it.each<[string, object]>([
      ['another subject', { subjectId: USER_ID }],
      ['another instance', { instanceId: OTHER_INSTANCE }],
      ['another expiry', { exp: 1_795_449_601 }],
    ])('is not believed when Wix reports %s', async (_what, overrides) => {
      expect(await isOwner(ownerToken(), overrides)).toBe(false);
    });

    it.each<[string, () => string]>([
      ['another owner', () => accessToken(exp, { uid: OWNER_ID, siteOwnerId: USER_ID })],
      ['another user', () => accessToken(exp, { uid: USER_ID, siteOwnerId: USER_ID })],
      ['no owner', () => accessToken(exp, { uid: OWNER_ID })],
      ['no user', () => accessToken(exp, { siteOwnerId: OWNER_ID })],
      [
        'no app',
        () =>
          rawToken({ exp, data: { instance: { instanceId: INSTANCE_TEXT, uid: OWNER_ID, siteOwnerId: OWNER_ID } } }),
      ],
      [
        'no instance',
        () => rawToken({ exp, data: { instance: { appDefId: APP_ID, uid: OWNER_ID, siteOwnerId: OWNER_ID } } }),
      ],
      [
        'no expiry',
        () =>
          rawToken({
            data: { instance: { instanceId: INSTANCE_TEXT, appDefId: APP_ID, uid: OWNER_ID, siteOwnerId: OWNER_ID } },
          }),
      ],
    ])('is not read from a payload with %s', async (_what, make) => {
      expect(await isOwner(make(), {})).toBe(false);
    });

    it('does not make a user of another person', async () => {
      expect(await isOwner(ownerToken(), { subjectType: 'MEMBER' })).toBe('member');
    });
  });

  describe('a verified token', () => {
    it('is cached until its time to live is over, counted from the request', async () => {
      wix.answers(() => {
        clock.advance(1_000);
        return { body: tokenInfo(exp) };
      });
      const identity = await service.verify(token);
      // It could not be renewed meanwhile.
      wix.answers(() => DOWN);
      clock.advance(58_999);
      expect(service.cached(`Bearer ${token}`)).toBe(identity);
      expect(await service.verify(token)).toBe(identity);
      await turns();
      clock.advance(1);
      expect(service.cached(token)).toBeUndefined();
      infoSays({});
      await service.verify(token);

      expect(wix.requests).toHaveLength(3);
    });

    it('is never trusted beyond its own expiry', async () => {
      exp = clock.nowS() + 30;
      token = accessToken(exp);
      await service.verify(token);
      clock.advance(29_999);
      expect(service.cached(token)).toBeDefined();
      clock.advance(1);

      expect(service.cached(token)).toBeUndefined();
      expect(await verifyCode()).toBe('WIX_CREDENTIALS_EXPIRED');
      expect(wix.requests).toHaveLength(1);
    });

    it('is not trusted longer because it is used', async () => {
      await service.verify(token);
      wix.answers(() => DOWN);
      for (let second = 0; second < 60; second += 1) {
        await service.verify(token);
        await turns();
        clock.advance(1_000);
      }

      expect(await verifyCode()).toBe('WIX_UNAVAILABLE');
    });

    it('works while Wix is down, for as long as it is trusted', async () => {
      await service.verify(token);
      expect(await codeWhile('ECONNREFUSED')).toBe('none');
      clock.advance(60_000);

      expect(await codeWhile('ECONNREFUSED')).toBe('WIX_UNAVAILABLE');
    });

    it('does not verify another token with the same ending', async () => {
      const signature = 's'.repeat(43);
      const known = accessToken(exp, {}, signature);
      const forged = accessToken(exp, { uid: OWNER_ID, siteOwnerId: OWNER_ID }, signature);
      await service.verify(known);
      infoSays({ active: false });

      expect(service.cached(forged)).toBeUndefined();
      expect(await verifyCode(forged)).toBe('WIX_CREDENTIALS_REJECTED');
    });

    it('is not cached at all where the options say 0', async () => {
      service = serviceWith({ ttlMs: 0 });
      await service.verify(token);
      await service.verify(token);

      expect(wix.requests).toHaveLength(2);
    });

    it('can act for its caller, and a copy of its identity cannot', async () => {
      const identity = await service.verify(token);

      expect(presented.of(identity)).toBe(token);
      expect(presented.of({ ...identity })).toBeUndefined();
    });

    it('does not appear when its identity is printed, which is frozen', async () => {
      const identity = await service.verify(token);

      expect(Object.isFrozen(identity)).toBe(true);
      expect(inspect([identity, service], { depth: 10, showHidden: true }) + JSON.stringify(identity)).not.toContain(
        token.slice(0, 40),
      );
    });
  });

  describe('a token verified before an outage', () => {
    const STALE_MS = 3_600_000;
    const afterTtl = async (staleIfErrorMs = STALE_MS): Promise<void> => {
      service = serviceWith({ staleIfErrorMs });
      await service.verify(token);
      clock.advance(SETTINGS.ttlMs);
    };

    it.each<[string, WireAnswer | string]>([
      ['a network fault', 'ECONNREFUSED'],
      ['429', { status: 429, body: {} }],
      ['503', { status: 503, body: PAGE }],
      ['an unreadable 200', { body: PAGE }],
    ])('is valid for staleIfErrorMs more: %s', async (_what, answer) => {
      await afterTtl();
      expect(await codeWhile(answer)).toBe('none');
      clock.advance(STALE_MS - 1);
      expect(await codeWhile(answer)).toBe('none');
      clock.advance(1);

      expect(await codeWhile(answer)).toBe('WIX_UNAVAILABLE');
    });

    it('is refused where the options do not set it', async () => {
      await afterTtl(0);

      expect(await codeWhile('ECONNREFUSED')).toBe('WIX_UNAVAILABLE');
    });

    it('is not valid beyond its own expiry', async () => {
      exp = clock.nowS() + 90;
      token = accessToken(exp);
      await afterTtl();
      clock.advance(29_000);
      expect(await codeWhile('ECONNREFUSED')).toBe('none');
      clock.advance(1_000);

      expect(await codeWhile('ECONNREFUSED')).toBe('WIX_CREDENTIALS_EXPIRED');
    });

    it('is not valid after it was forgotten', async () => {
      await afterTtl();
      await service.forget(INSTANCE);

      expect(await codeWhile('ECONNREFUSED')).toBe('WIX_UNAVAILABLE');
    });

    it('is not valid when it was forgotten while Wix was being asked', async () => {
      await afterTtl();
      const answer = deferred<WireAnswer>();
      wix.answers(() => answer.promise);
      const code = verifyCode();
      await turns();
      await service.forget(INSTANCE);
      answer.resolve({ body: PAGE });

      expect(await code).toBe('WIX_UNAVAILABLE');
      expect(service.cached(token)).toBeUndefined();
    });

    it('is not valid after Wix has refused it', async () => {
      await afterTtl();
      expect(await codeWhile({ body: { active: false } })).toBe('WIX_CREDENTIALS_REJECTED');
      clock.advance(SETTINGS.rejectedTtlMs);

      expect(await codeWhile('ECONNREFUSED')).toBe('WIX_UNAVAILABLE');
    });

    it('is not valid when the outage is not of Wix', async () => {
      await afterTtl();
      wix.answers(() => ({ status: 404, body: PAGE }));

      expect(await verifyCode()).toBe('WIX_UNAVAILABLE');
    });

    it('causes one request a second to find out whether the outage is over', async () => {
      await afterTtl();
      wix.answers(() => ({ body: PAGE }));
      await Promise.all([service.verify(token), service.verify(token)]);
      clock.advance(999);
      expect(service.cached(token)).toBeDefined();
      expect(wix.requests).toHaveLength(2);
      clock.advance(1);
      expect(service.cached(token)).toBeUndefined();
      infoSays({});
      await service.verify(token);
      expect(wix.requests).toHaveLength(3);
      clock.advance(SETTINGS.ttlMs - 1);

      expect(service.cached(token)).toBeDefined();
    });
  });

  describe('a refused token', () => {
    it.each<[object, string]>([
      [{ active: false }, 'WIX_CREDENTIALS_REJECTED'],
      [{ clientId: OTHER_APP_ID }, 'WIX_CREDENTIALS_WRONG_APP'],
      [{ exp: 1_000 }, 'WIX_CREDENTIALS_EXPIRED'],
      [{ subjectType: 'UNKNOWN' }, 'WIX_CREDENTIALS_REJECTED'],
    ])('is refused for a while without a request (%j)', async (overrides, code) => {
      infoSays(overrides);
      await verifyCode();
      infoSays({});
      clock.advance(9_999);
      expect(await verifyCode()).toBe(code);
      clock.advance(1);

      expect(await verifyCode()).toBe('none');
      expect(wix.requests).toHaveLength(2);
    });

    it('is introspected again at once after an outage, which is not a verdict', async () => {
      await codeWhile({ status: 500 });
      const requests = wix.requests.length;
      await codeWhile({ status: 500 });

      expect(wix.requests.length).toBeGreaterThan(requests);
    });

    it('does not affect a token that is cached as good', async () => {
      await service.verify(token);
      infoSays({ active: false });
      await verifyCode(tokenNumber(1));

      expect(await verifyCode()).toBe('none');
    });
  });

  describe('many at once', () => {
    it('with one token send one request', async () => {
      const identities = await Promise.all(Array.from({ length: 1_000 }, () => service.verify(token)));

      expect(new Set(identities).size).toBe(1);
      expect(wix.requests).toHaveLength(1);
    });

    it('with one refused token send one request', async () => {
      infoSays({ active: false });
      const codes = await Promise.all(Array.from({ length: 1_000 }, () => verifyCode()));

      expect(new Set(codes)).toEqual(new Set(['WIX_CREDENTIALS_REJECTED']));
      expect(wix.requests).toHaveLength(1);
    });

    it('with one refused token get a separate error each', async () => {
      infoSays({ active: false });
      for (let time = 0; time < 3; time += 1) {
        for (const error of await Promise.all([1, 2, 3].map(() => errorOf(() => service.verify(token))))) {
          expect(error).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
          Object.assign(error ?? {}, { code: 'UNKNOWN', message: 'changed', status: undefined });
        }
      }
      expect(wix.requests).toHaveLength(1);
    });

    it('with invented tokens wait for their turn, and are answered 503 when it does not come', async () => {
      jest.useFakeTimers();
      service = serviceWith({}, 10);
      const known = await service.verify(token);
      infoSays({ active: false });
      const outcomes = Promise.all(Array.from({ length: 1_000 }, (_none, index) => verifyCode(tokenNumber(index))));
      await jest.advanceTimersByTimeAsync(1_000);
      expect(wix.requests.length).toBeLessThanOrEqual(20);
      expect(await service.verify(token)).toBe(known);

      await jest.advanceTimersByTimeAsync(9_000);
      const codes = await outcomes;
      const refused = codes.filter((code) => code === 'WIX_CREDENTIALS_REJECTED');
      expect(refused).toHaveLength(wix.requests.length - 1);
      expect(refused.length).toBeLessThanOrEqual(110);
      expect(codes.filter((code) => code === 'WIX_UNAVAILABLE')).toHaveLength(1_000 - refused.length);
    });

    it('with invented tokens remain bounded even when something is forgotten meanwhile', async () => {
      service = serviceWith({}, 10);
      jest.useFakeTimers();
      wix.answers(() => new Promise(() => undefined));
      for (let index = 0; index < 100; index += 1) {
        void verifyCode(tokenNumber(index));
        await service.forget(INSTANCE);
        await jest.advanceTimersByTimeAsync(40);
      }

      expect(wix.requests.length).toBeLessThanOrEqual(laneSlots('introspection'));
    });

    it('with invented tokens do not evict known ones', async () => {
      service = serviceWith({ maxEntries: 2 });
      const known = await service.verify(token);
      infoSays({ active: false });
      for (let index = 0; index < 50; index += 1) await verifyCode(tokenNumber(index));

      expect(service.cached(token)).toBe(known);
    });
  });

  describe('forgetting an installation', () => {
    it('causes another request to Wix, for that installation alone', async () => {
      await service.verify(token);
      infoSays({ instanceId: OTHER_INSTANCE });
      const other = await service.verify(tokenNumber(1));
      await service.forget(INSTANCE);

      expect(service.cached(token)).toBeUndefined();
      expect(service.cached(tokenNumber(1))).toBe(other);
    });

    const slowly = async (): Promise<{ answer: (body: object) => void; verified: Promise<unknown> }> => {
      const slow = deferred<WireAnswer>();
      wix.answers(() => slow.promise);
      const verified = verifyCode();
      await turns();
      expect(wix.requests).toHaveLength(1);
      return { answer: (body) => slow.resolve({ body }), verified };
    };

    it('caches no answer that was requested before', async () => {
      const { answer, verified } = await slowly();
      await service.forget(INSTANCE);
      answer(tokenInfo(exp));

      expect(await verified).toBe('none');
      expect(service.cached(token)).toBeUndefined();
    });

    it('caches no refusal that was requested before', async () => {
      const { answer, verified } = await slowly();
      await service.forget(INSTANCE);
      answer({ active: false });
      expect(await verified).toBe('WIX_CREDENTIALS_REJECTED');
      infoSays({});

      expect(await verifyCode()).toBe('none');
    });

    it('keeps later callers from joining a request that was sent before', async () => {
      const { answer, verified } = await slowly();
      await service.forget(INSTANCE);
      infoSays({ active: false });
      expect(await verifyCode()).toBe('WIX_CREDENTIALS_REJECTED');
      answer(tokenInfo(exp));

      expect(await verified).toBe('none');
      expect(service.cached(token)).toBeUndefined();
    });

    it('forgets refusals, because the app may just have been installed', async () => {
      infoSays({ active: false });
      await verifyCode();
      await service.forget(INSTANCE);
      infoSays({});

      expect(await verifyCode()).toBe('none');
    });
  });

  describe('a signed instance', () => {
    const signed = (overrides: object = {}): string =>
      signedInstance(APP_SECRET, {
        instanceId: INSTANCE_TEXT,
        appDefId: APP_ID,
        signDate: new Date(clock.nowMs()).toISOString(),
        uid: USER_ID,
        siteOwnerId: USER_ID,
        ...overrides,
      });

    it('is verified offline, in either form', async () => {
      const expected: Partial<AnyWixIdentity> = { type: 'user', isSiteOwner: true, credentialType: 'signed-instance' };

      expect(await service.verify(signed())).toMatchObject(expected);
      expect(await service.verify(`Bearer ${signed()}`)).toMatchObject(expected);
      expect(service.verifySignedInstance(signed())).toMatchObject(expected);
      expect(wix.requests).toHaveLength(0);
    });

    it('carries no token that could act for its caller', async () => {
      expect(presented.of(await service.verify(signed()))).toBeUndefined();
    });

    it('is verified once within the time to live, in either form', async () => {
      const text = signed();
      const first = await service.verify(text);

      expect(service.cached(text)).toBe(first);
      expect(service.verifySignedInstance(text)).toBe(first);
      clock.advance(SETTINGS.ttlMs);
      expect(service.cached(text)).toBeUndefined();
      expect(service.verifySignedInstance(text)).not.toBe(first);
    });

    it('is not confused with another of the same signature', async () => {
      const text = signed();
      await service.verify(text);

      expect(await verifyCode(`${text.slice(0, -1)}=`)).toBe('WIX_CREDENTIALS_REJECTED');
    });

    it('expires even while it is cached', async () => {
      const text = signed({ expirationDate: new Date(clock.nowMs() + 1_000).toISOString() });
      service = serviceWith({ ttlMs: 3_600_000 });
      await service.verify(text);
      clock.advance(61_000);

      expect(await verifyCode(text)).toBe('WIX_CREDENTIALS_EXPIRED');
    });

    it('is no longer cached after the site has removed the app', async () => {
      const text = signed();
      await service.verify(text);
      await service.refuseSignedBefore(INSTANCE, clock.nowMs() + 1);

      expect(await verifyCode(text)).toBe('WIX_CREDENTIALS_REJECTED');
    });

    it('is not confused with a verified access token', async () => {
      infoSays({});
      await service.verify(token);

      expect(await codeOf(() => service.verifySignedInstance(token))).toBe('WIX_CREDENTIALS_MALFORMED');
    });

    it('is refused where the app accepts none', async () => {
      const parts = { accessTokens: new AccessTokenVerifier(new TokenInfoEndpoint(wix.client(clock)), clock, APP_ID) };
      const sharing = sharingBy(new MapTokenStore(), clock);
      const recent = new RecentInstallations(sharing.store, clock);
      service = new WixIdentityService(
        {
          ...parts,
          signedInstances: false,
          limiter: new IntrospectionLimiter({ maxRequestsPerSecond: 1, maxWaitMs: 10_000 }, recent, clock),
          recent,
          presented,
          known: new KnownInstances(clock),
          sharing,
          clock,
          appId: APP_ID,
        },
        SETTINGS,
      );

      expect(await verifyCode(signed())).toBe('WIX_CREDENTIALS_REJECTED');
      expect(await codeOf(() => service.verifySignedInstance(signed()))).toBe('WIX_CREDENTIALS_REJECTED');
    });

    it.each<[string, () => string, string]>([
      ['an access token', () => token, 'WIX_CREDENTIALS_MALFORMED'],
      ['an API key', () => token.replace('OauthNG.JWS.', 'IST.'), 'WIX_API_KEY_REFUSED'],
      ['garbage', () => 'garbage', 'WIX_CREDENTIALS_MALFORMED'],
      ['a megabyte', () => `${'a'.repeat(43)}.${'a'.repeat(1_000_000)}`, 'WIX_CREDENTIALS_MALFORMED'],
      ['a forged one', () => signedInstance('forged', {}), 'WIX_CREDENTIALS_REJECTED'],
    ])('is all that verifySignedInstance accepts: not %s', async (_what, make, code) => {
      expect(await codeOf(() => service.verifySignedInstance(make()))).toBe(code);
    });
  });

  it('prints no credential in any refusal', async () => {
    const echo = (): WireAnswer => ({ status: 403, body: { message: `no: ${token}` } });
    const credentials = [token, token.replace('OauthNG.', ''), token.replace('OauthNG.JWS', 'IST'), `${token}.more`];
    wix.answers(echo);
    const errors = await Promise.all(credentials.map((credential) => errorOf(() => service.verify(credential))));

    expect(errors).not.toContain(undefined);
    expect(inspect(errors, { depth: 10, showHidden: true })).not.toContain(token.split('.')[3]);
  });
});
