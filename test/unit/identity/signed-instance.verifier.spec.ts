import { AppCredentials } from '../../../src/core/app-credentials.js';
import type { AnyWixIdentity } from '../../../src/core/identities/wix-identity.js';
import { readCredential } from '../../../src/identity/credential.js';
import { SignedInstanceVerifier, type SignedInstance } from '../../../src/identity/signed-instance.verifier.js';
import {
  APP_ID,
  APP_SECRET,
  INSTANCE_TEXT,
  OLD_SECRET,
  OTHER_APP_ID,
  OWNER_ID,
  SITE_ID,
  USER_ID,
  app,
} from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { signedData, signedInstance } from '../../support/credentials.js';
import { FakeClock } from '../../support/fake-clock.js';
import { signedInstanceVectors } from '../../support/signed-instance-vectors.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const SIGNED_AT = '2026-11-23T12:00:00.000Z';

describe('SignedInstanceVerifier', () => {
  let clock: FakeClock;
  let credentials: AppCredentials;

  const verifyText = (text: string): SignedInstance => {
    const credential = readCredential(text);
    if (credential.kind !== 'signed-instance') throw new Error('The test gave something else.');
    return new SignedInstanceVerifier(credentials, clock, 4 * HOUR_MS).verify(credential);
  };

  const claims = (overrides: object = {}): object => ({
    instanceId: INSTANCE_TEXT,
    appDefId: APP_ID,
    signDate: SIGNED_AT,
    expirationDate: '2026-11-23T16:00:00.000Z',
    ...overrides,
  });
  const verify = (overrides?: object): AnyWixIdentity =>
    verifyText(signedInstance(APP_SECRET, claims(overrides))).identity;
  const codeFor = (overrides: object): Promise<unknown> => codeOf(() => verify(overrides));

  beforeEach(() => {
    clock = new FakeClock(SIGNED_AT);
    credentials = app();
  });

  describe('vector', () => {
    it.each(signedInstanceVectors)('$name is valid at its date', ({ secret, appId, text, signedAt, identity }) => {
      clock = new FakeClock(signedAt);
      credentials = new AppCredentials(appId, [secret]);

      expect(verifyText(text)).toEqual({
        identity: {
          ...identity,
          appId,
          credentialType: 'signed-instance',
          expiresAt: new Date(Date.parse(signedAt) + 4 * HOUR_MS + 60 * SECOND_MS),
        },
        signedAtMs: Date.parse(signedAt),
      });
    });

    it.each(signedInstanceVectors)('$name is too old a day later', async ({ secret, appId, text, signedAt }) => {
      clock = new FakeClock(signedAt);
      clock.advance(24 * HOUR_MS);
      credentials = new AppCredentials(appId, [secret]);

      expect(await codeOf(() => verifyText(text))).toBe('WIX_CREDENTIALS_EXPIRED');
    });

    it.each(signedInstanceVectors)('$name is not valid with another secret', async ({ appId, text, signedAt }) => {
      clock = new FakeClock(signedAt);
      credentials = new AppCredentials(appId, [APP_SECRET]);

      expect(await codeOf(() => verifyText(text))).toBe('WIX_CREDENTIALS_REJECTED');
    });
  });

  describe('the signature', () => {
    it.each([
      ['of another secret', signedInstance(OLD_SECRET, claims())],
      [
        'over other data',
        `${signedInstance(APP_SECRET, claims()).slice(0, 43)}.${signedInstance('x', claims({ uid: OWNER_ID })).slice(44)}`,
      ],
      ['over the same JSON encoded otherwise', signedInstance(APP_SECRET, claims()).concat('==')],
      ['that is invented', signedInstance('x', claims()).replace(/^.{43}/, 'A'.repeat(43))],
    ])('%s is refused', async (_what, text) => {
      expect(await codeOf(() => verifyText(text))).toBe('WIX_CREDENTIALS_REJECTED');
    });

    it('may be made with any secret during a rotation', () => {
      credentials = app(APP_SECRET, OLD_SECRET);

      for (const secret of [APP_SECRET, OLD_SECRET]) {
        expect(verifyText(signedInstance(secret, claims())).identity.instanceId).toBe(INSTANCE_TEXT);
      }
    });

    it('is checked before anything is read: unsigned content is never described', async () => {
      expect(await codeOf(() => verifyText(signedData('x', 'bm90IEpTT04')))).toBe('WIX_CREDENTIALS_REJECTED');
    });

    it.each(['not JSON', '[]', '"text"', 'null'])('is not enough: %j does not contain claims', async (text) => {
      expect(await codeOf(() => verifyText(signedInstance(APP_SECRET, text)))).toBe('WIX_CREDENTIALS_MALFORMED');
    });
  });

  describe('the app', () => {
    it('must be ours when it is named', async () => {
      expect(await codeFor({ appDefId: OTHER_APP_ID })).toBe('WIX_CREDENTIALS_WRONG_APP');
      expect(await codeFor({ appDefId: '' })).toBe('WIX_CREDENTIALS_WRONG_APP');
      expect(await codeFor({ appDefId: { id: APP_ID } })).toBe('WIX_CREDENTIALS_WRONG_APP');
    });

    it.each([APP_ID.toUpperCase(), undefined, null])('may be written as %j', (appDefId) => {
      expect(verify({ appDefId }).appId).toBe(APP_ID);
    });

    it('is missing without an instance', async () => {
      expect(await codeFor({ instanceId: undefined })).toBe('WIX_CREDENTIALS_MALFORMED');
      expect(await codeFor({ instanceId: '' })).toBe('WIX_CREDENTIALS_MALFORMED');
    });
  });

  describe('its dates', () => {
    const at = (ms: number): number => Date.parse(SIGNED_AT) + ms;
    const iso = (ms: number): string => new Date(at(ms)).toISOString();
    const codeAfter = (ms: number, overrides: object): Promise<unknown> => {
      clock = new FakeClock(SIGNED_AT);
      clock.advance(ms);
      return codeFor(overrides);
    };

    it('bound it by expirationDate, with a minute for clocks that disagree', async () => {
      const expirationDate = iso(HOUR_MS);

      expect(verify({ expirationDate }).expiresAt).toEqual(new Date(at(HOUR_MS + 60 * SECOND_MS)));
      expect(await codeAfter(HOUR_MS + 60 * SECOND_MS - 1, { expirationDate })).toBe('none');
      expect(await codeAfter(HOUR_MS + 60 * SECOND_MS, { expirationDate })).toBe('WIX_CREDENTIALS_EXPIRED');
    });

    it.each([iso(9 * HOUR_MS), undefined, null])(
      'bound it by its age too (expirationDate %j)',
      async (expirationDate) => {
        expect(await codeAfter(4 * HOUR_MS + 60 * SECOND_MS - 1, { expirationDate })).toBe('none');
        expect(await codeAfter(4 * HOUR_MS + 60 * SECOND_MS, { expirationDate })).toBe('WIX_CREDENTIALS_EXPIRED');
      },
    );

    it('may be a minute in the future and no more', async () => {
      expect(await codeFor({ signDate: iso(60 * SECOND_MS) })).toBe('none');
      expect(await codeFor({ signDate: iso(60 * SECOND_MS + 1) })).toBe('WIX_CREDENTIALS_MALFORMED');
    });

    it.each<[string, unknown]>([
      ['with an offset', '2026-11-23T07:00:00.000-05:00'],
      ['with an offset without a colon', '2026-11-23T07:00:00-0500'],
      ['without fractions', '2026-11-23T12:00:00Z'],
      ['in epoch seconds', 1_795_435_200],
      ['in epoch milliseconds', 1_795_435_200_000],
      ['in epoch seconds as text', '1795435200'],
      ['in epoch milliseconds as text', '1795435200000'],
    ])('are read %s', (_how, signDate) => {
      expect(verifyText(signedInstance(APP_SECRET, claims({ signDate }))).signedAtMs).toBe(at(0));
    });

    const UNREADABLE = [
      '',
      'yesterday',
      '7',
      '2026',
      '2026-11-23',
      '2026-11-23T12:00:00',
      'Mon, 23 Nov 2026 12:00:00 GMT',
      '2026-13-45T99:00:00Z',
      0,
      -1e300,
      1e300,
      17,
      true,
      {},
      ['2026-11-23T12:00:00Z'],
    ];

    it.each([undefined, null, ...UNREADABLE])('make it malformed when signDate is %j', async (signDate) => {
      expect(await codeFor({ signDate })).toBe('WIX_CREDENTIALS_MALFORMED');
      expect(await codeFor({ signDate, expirationDate: undefined })).toBe('WIX_CREDENTIALS_MALFORMED');
    });

    it.each(UNREADABLE)('make it malformed when expirationDate is %j', async (expirationDate) => {
      expect(await codeFor({ expirationDate })).toBe('WIX_CREDENTIALS_MALFORMED');
    });
  });

  describe('the caller', () => {
    const VISITOR_ID = '55555555-0000-4000-8000-000000000001';

    it.each<[string, object, object]>([
      ['aid alone', { aid: VISITOR_ID }, { type: 'visitor', visitorId: VISITOR_ID }],
      [
        'aid and a member',
        { aid: VISITOR_ID, uid: USER_ID, siteMemberId: USER_ID },
        { type: 'member', memberId: USER_ID },
      ],
      [
        'aid and a uid that is no member',
        { aid: VISITOR_ID, uid: USER_ID },
        { type: 'visitor', visitorId: VISITOR_ID },
      ],
      [
        'aid and a uid that says OWNER',
        { aid: VISITOR_ID, uid: OWNER_ID, siteOwnerId: OWNER_ID, permissions: 'OWNER' },
        { type: 'visitor', visitorId: VISITOR_ID },
      ],
      ['the owner', { uid: OWNER_ID, siteOwnerId: OWNER_ID }, { type: 'user', userId: OWNER_ID, isSiteOwner: true }],
      [
        'OWNER by permission only',
        { uid: USER_ID, siteOwnerId: OWNER_ID, permissions: 'OWNER' },
        { type: 'user', userId: USER_ID, isSiteOwner: false },
      ],
      ['a uid', { uid: USER_ID, siteOwnerId: OWNER_ID }, { type: 'member', memberId: USER_ID }],
      ['a uid with other permissions', { uid: USER_ID, permissions: 'owner' }, { type: 'member', memberId: USER_ID }],
      ['no uid', { uid: null, siteOwnerId: OWNER_ID, permissions: 'OWNER' }, { type: 'visitor' }],
      ['an empty uid and an empty owner', { uid: '', siteOwnerId: '', permissions: 'OWNER' }, { type: 'visitor' }],
      [
        'no aid',
        { aid: null, uid: OWNER_ID, siteOwnerId: OWNER_ID },
        { type: 'user', userId: OWNER_ID, isSiteOwner: true },
      ],
      ['no person at all', {}, { type: 'visitor' }],
    ])('is identified by %s', (_what, overrides, expected) => {
      expect(verify(overrides)).toEqual({
        ...expected,
        appId: APP_ID,
        instanceId: INSTANCE_TEXT,
        credentialType: 'signed-instance',
        expiresAt: new Date(Date.parse(SIGNED_AT) + 4 * HOUR_MS + 60 * SECOND_MS),
      });
    });

    it.each<[string, object]>([
      ['an aid that is a number', { aid: 7 }],
      ['an aid that is true', { aid: true }],
      ['an aid that is false', { aid: false }],
      ['an aid in a list', { aid: [VISITOR_ID] }],
      ['an aid in an object', { aid: { id: VISITOR_ID } }],
      ['a uid that is a number', { uid: 7, siteOwnerId: 7 }],
      ['a uid in a list', { uid: [OWNER_ID] }],
    ])('is malformed with %s beside an owner', async (_what, overrides) => {
      const owner = { uid: OWNER_ID, siteOwnerId: OWNER_ID, permissions: 'OWNER' };
      expect(await codeFor({ ...owner, ...overrides })).toBe('WIX_CREDENTIALS_MALFORMED');
    });

    it.each([{ uid: APP_ID }, { permissions: 'APP' }, { type: 'app' }, { subjectType: 'APP', uid: null }])(
      'is never the app (%j)',
      (overrides) => {
        expect(verify(overrides).type).not.toBe('app');
      },
    );

    it('names the site where the instance does, and writes the instance id in lower case', () => {
      expect(verify({ metaSiteId: SITE_ID, instanceId: INSTANCE_TEXT.toUpperCase() })).toMatchObject({
        siteId: SITE_ID,
        instanceId: INSTANCE_TEXT,
      });
    });

    it.each([
      ['gold', { vendorProductId: 'gold' }],
      [null, {}],
      ['', {}],
      [7, {}],
    ])('names the plan the site bought, and none where the instance says %j', (vendorProductId, expected) => {
      const { vendorProductId: plan, issuedAt } = verify({ vendorProductId });
      expect(plan === undefined ? {} : { vendorProductId: plan }).toEqual(expected);
      expect(issuedAt).toEqual(plan === undefined ? undefined : new Date(SIGNED_AT));
    });

    it('is frozen and contains nothing else of what was signed', () => {
      const identity = verify({ uid: USER_ID, loginAccountId: USER_ID, unknown: 'extra' });

      expect(Object.isFrozen(identity)).toBe(true);
      expect(Object.keys(identity)).toEqual(['type', 'appId', 'instanceId', 'credentialType', 'expiresAt', 'memberId']);
    });
  });
});
