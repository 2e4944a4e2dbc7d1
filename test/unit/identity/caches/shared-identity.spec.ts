import type { AnyWixIdentity } from '../../../../src/core/identities/wix-identity.js';
import { sharedFrom, sharedIn } from '../../../../src/identity/caches/shared-identity.js';
import { APP_ID, INSTANCE, OTHER_APP_ID, SITE_ID, USER_ID } from '../../../support/app.js';

const base = {
  appId: APP_ID,
  instanceId: INSTANCE,
  credentialType: 'access-token',
  expiresAt: new Date('2026-11-23T16:00:00.000Z'),
} as const;
const identities: readonly AnyWixIdentity[] = [
  { type: 'app', ...base },
  { type: 'user', ...base, siteId: SITE_ID, userId: USER_ID, isSiteOwner: true },
  { type: 'user', ...base, userId: USER_ID, isSiteOwner: false },
  {
    type: 'member',
    ...base,
    vendorProductId: 'gold',
    issuedAt: new Date('2026-11-23T12:00:00.000Z'),
    memberId: USER_ID,
  },
  { type: 'visitor', ...base, visitorId: USER_ID },
];

const NOW_MS = 1_000;

describe('An identity that another process shared', () => {
  const passedOn = (identity: AnyWixIdentity, changes: object = {}): unknown =>
    JSON.parse(JSON.stringify({ ...sharedFrom({ identity, requestedAtMs: 7 }), ...changes }));

  it.each(identities)('is the same and frozen ($type)', (identity) => {
    const found = sharedIn(passedOn(identity), APP_ID, NOW_MS);

    expect(found).toEqual({ identity, requestedAtMs: 7 });
    expect(Object.isFrozen(found?.identity)).toBe(true);
  });

  it('was never requested in the future, whatever the clock of the other process says', () => {
    const found = sharedIn(passedOn({ type: 'app', ...base }, { requestedAtMs: NOW_MS + 1 }), APP_ID, NOW_MS);

    expect(found?.requestedAtMs).toBe(NOW_MS);
  });

  it('belongs to the app that reads it', () => {
    expect(sharedIn(passedOn({ type: 'app', ...base }, { appId: OTHER_APP_ID }), APP_ID, NOW_MS)?.identity.appId).toBe(
      APP_ID,
    );
  });

  it.each([
    ['of an unknown type', { type: 'robot' }],
    ['without what its type needs', { type: 'member' }],
    ['without an installation', { instanceId: '' }],
    ['without an end', { expiresAtMs: 'never' }],
    ['of an unknown time of request', { requestedAtMs: null }],
  ])('is invalid when it is %s', (_how, changes) => {
    expect(sharedIn(passedOn({ type: 'app', ...base }, changes), APP_ID, NOW_MS)).toBeUndefined();
  });

  it.each([null, 'text', 7, [], undefined])('is invalid as %j', (entry) => {
    expect(sharedIn(entry, APP_ID, NOW_MS)).toBeUndefined();
  });

  it('is a site owner only when that was explicit', () => {
    const owner = { type: 'user', ...base, userId: USER_ID, isSiteOwner: true } as const;

    expect(sharedIn(passedOn(owner, { isSiteOwner: 'true' }), APP_ID, NOW_MS)?.identity).toMatchObject({
      isSiteOwner: false,
    });
  });
});
