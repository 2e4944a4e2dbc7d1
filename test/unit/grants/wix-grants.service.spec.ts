import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import type { WixScopeMissingError } from '../../../src/core/wix-auth.errors.js';
import type { AnyWixIdentity, WixIdentityType, WixUserIdentity } from '../../../src/core/identities/wix-identity.js';
import type { WixInstanceId } from '../../../src/core/identities/wix-instance-id.js';
import { AppInstanceEndpoint } from '../../../src/grants/instances/app-instance.endpoint.js';
import { WixInstances } from '../../../src/grants/instances/wix-instances.js';
import type { ScopeAuthority, ScopeRequirement } from '../../../src/grants/scopes/scope-requirement.js';
import {
  NoVisitorGrants,
  UserGrants,
  VisitorGrants,
  type WixHeldScopes,
} from '../../../src/grants/users/user-grants.js';
import { WixGrantsService } from '../../../src/grants/wix-grants.service.js';
import {
  APP_ID,
  INSTANCE,
  OTHER_INSTANCE,
  OTHER_TRUSTED_INSTANCE,
  TRUSTED_INSTANCE,
  USER_ID,
} from '../../support/app.js';
import { MintingWix, appQuestions } from '../../support/app-requests.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import type { WireAnswer } from '../../support/scripted-wix.js';
import { sharingBy } from '../../support/sharing.js';

const PATH = '/apps/v1/instance';
const TTL_MS = 300_000;
// Too long to be waited for, so it is not asked again within one request.
const DOWN: WireAnswer = { status: 503, headers: { 'retry-after': '60' } };

/** What users hold, as a test sets it, with a count of questions. */
class SettableUserGrants extends UserGrants {
  holdings: WixHeldScopes | Promise<WixHeldScopes> = { scopes: [] };
  asked = 0;

  override of(user: WixUserIdentity): WixHeldScopes | Promise<WixHeldScopes> {
    expect(user.type).toBe('user');
    this.asked += 1;
    return this.holdings;
  }
}

class SettableVisitorGrants extends VisitorGrants {
  override of(caller: AnyWixIdentity): WixHeldScopes {
    return { scopes: caller.type === 'member' ? ['A'] : [] };
  }
}

function identity(type: WixIdentityType, instanceId: WixInstanceId = INSTANCE, overrides: object = {}): AnyWixIdentity {
  const base = {
    appId: APP_ID,
    instanceId,
    credentialType: 'access-token',
    expiresAt: new Date(),
    ...overrides,
  } as const;
  if (type === 'user') return { type, userId: USER_ID, isSiteOwner: false, ...base };
  if (type === 'member') return { type, memberId: USER_ID, ...base };
  return { type, ...base };
}

const needs = (...all: string[]): ScopeRequirement => ({ all, any: [] });
const needsAny = (...any: string[][]): ScopeRequirement => ({ all: [], any });

describe('WixGrantsService', () => {
  let clock: FakeClock;
  let wix: MintingWix;
  let users: SettableUserGrants;
  let grants: WixGrantsService;
  const known = new KnownInstances(new FakeClock());

  const serviceWith = (visitors: VisitorGrants): WixGrantsService => {
    const sharing = sharingBy(new MapTokenStore(), clock);
    const settings = { ttlMs: TTL_MS };
    const instances = new WixInstances(new AppInstanceEndpoint(appQuestions(wix, clock)), sharing, clock, settings);
    return new WixGrantsService({ instances, users, visitors, known }, sharing, clock, settings);
  };
  const granted = (...permissions: string[]): WireAnswer => ({ body: { instance: { permissions } } });
  const siteGrants = (...permissions: string[]): void => wix.answers(() => granted(...permissions));
  const requests = (): number => wix.to(PATH).length;
  /** Lets whatever goes on in the background come to its end. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await turns();
  };

  const codeFor = (
    who: AnyWixIdentity,
    requirement: ScopeRequirement,
    authority: ScopeAuthority = 'caller',
  ): Promise<unknown> => codeOf(() => grants.require(who, requirement, authority));
  const refusalOf = async (
    who: AnyWixIdentity,
    requirement: ScopeRequirement,
    authority: ScopeAuthority = 'caller',
  ): Promise<WixScopeMissingError> => {
    const error = await errorOf(() => grants.require(who, requirement, authority));
    expect(error).toMatchObject({ code: 'WIX_SCOPE_MISSING' });
    return error as WixScopeMissingError;
  };

  const user = identity('user');

  beforeEach(() => {
    clock = new FakeClock();
    wix = new MintingWix(() => granted('A', 'B'));
    users = new SettableUserGrants();
    grants = serviceWith(new NoVisitorGrants());
  });

  it('sends no request when nothing is required', async () => {
    expect(await codeFor(user, needs())).toBe('none');
    expect(grants.cachedSatisfy(user, needs(), 'caller')).toBe(true);
    expect(wix.requests).toHaveLength(0);
    expect(users.asked).toBe(0);
  });

  describe("the app's own scopes", () => {
    it.each(['app', 'user', 'member', 'visitor'] as const)(
      'apply to a route of the app, for every caller (%s)',
      async (type) => {
        expect(await codeFor(identity(type), needs('A', 'B'), 'app')).toBe('none');
        expect(await codeFor(identity(type), needs('A', 'C'), 'app')).toBe('WIX_SCOPE_MISSING');
        expect(users.asked).toBe(0);
      },
    );

    it('apply to the app itself as a caller', async () => {
      expect(await codeFor(identity('app'), needs('A'))).toBe('none');
      expect(await codeFor(identity('app'), needs('C'))).toBe('WIX_SCOPE_MISSING');
    });

    it('are named with everything a client needs to know, when one is missing', async () => {
      expect(await refusalOf(user, { all: ['A', 'C'], any: [['D', 'E'], ['B']] }, 'app')).toMatchObject({
        requiredScopes: ['A', 'C', 'D', 'E', 'B'],
        missingScopes: ['C', 'D', 'E'],
        lackedBy: ['app'],
      });
    });

    it('must be required as permission ids where Wix lists such ids, which cannot prove the scope', async () => {
      siteGrants('CONTACTS.VIEW');
      const error = await refusalOf(identity('app'), needs('SCOPE.DC-CONTACTS.MANAGE-CONTACTS'));
      expect(error.message).toContain('permission id');
      expect(error).toMatchObject({ missingScopes: ['SCOPE.DC-CONTACTS.MANAGE-CONTACTS'], lackedBy: ['app'] });

      await grants.require(identity('app'), needs('CONTACTS.VIEW', 'SCOPE.DC-CONTACTS.READ-CONTACTS'), 'caller');
      const plain = await refusalOf(identity('app'), needs('SCOPE.DC-CRM.READ-TASKS'));
      expect(plain.message).not.toContain('permission id');
    });

    it('are requested once for a thousand callers, and cached for their time to live', async () => {
      await Promise.all(Array.from({ length: 1_000 }, () => grants.require(user, needs('A'), 'app')));
      expect(requests()).toBe(1);
      // They could not be renewed meanwhile.
      wix.answers(() => DOWN);
      clock.advance(TTL_MS);
      expect(await codeFor(user, needs('A'), 'app')).toBe('none');
      await turns();
      clock.advance(1);

      expect(await codeFor(user, needs('A'), 'app')).toBe('WIX_UNAVAILABLE');
    });

    it('are renewed in the last quarter of their time to live, with those of users, while they are used', async () => {
      users.holdings = { scopes: ['A'] };
      await grants.require(user, needs('A'), 'caller');
      clock.advance(0.75 * TTL_MS - 1);
      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(true);
      await settle();
      expect([requests(), users.asked]).toEqual([1, 1]);
      clock.advance(1);
      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(true);
      await settle();
      expect([requests(), users.asked]).toEqual([2, 2]);

      wix.answers(() => DOWN);
      clock.advance(TTL_MS - 1);
      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(true);
    });

    it('are separate for each installation', async () => {
      wix.answers(({ authorization }) => granted(authorization === 'token 1' ? 'A' : 'B'));

      expect(await codeFor(identity('app'), needs('A'))).toBe('none');
      expect(await codeFor(identity('app', OTHER_INSTANCE), needs('A'))).toBe('WIX_SCOPE_MISSING');
      expect((await grants.appGrants(OTHER_TRUSTED_INSTANCE)).ids).toEqual(new Set(['B']));
    });
  });

  describe('a user', () => {
    it('needs what both the app and the user hold', async () => {
      users.holdings = { scopes: ['A', 'C'] };

      expect(await codeFor(user, needs('A'))).toBe('none');
      expect(await refusalOf(user, needs('B'))).toMatchObject({ missingScopes: ['B'], lackedBy: ['user'] });
      expect(await refusalOf(user, needs('C'))).toMatchObject({ missingScopes: ['C'], lackedBy: ['app'] });
    });

    it('holds what the app holds when the source says so', async () => {
      users.holdings = { scopes: '*' };

      expect(await codeFor(user, needs('A', 'B'))).toBe('none');
      expect(await refusalOf(user, needs('C'))).toMatchObject({ lackedBy: ['app'] });
    });

    it('is told how to fix it, by the source', async () => {
      users.holdings = { scopes: [], hint: 'Map the role 42.' };

      expect((await refusalOf(user, needs('A'))).message).toContain('Map the role 42.');
    });

    it('needs one of every group that both hold', async () => {
      users.holdings = { scopes: ['B', 'C'] };

      expect(await codeFor(user, needsAny(['A', 'B'], ['B']))).toBe('none');
      expect(await refusalOf(user, needsAny(['A', 'X']))).toMatchObject({
        missingScopes: ['A', 'X'],
        lackedBy: ['user'],
      });
    });

    it('lacks a scope together with the app where each alone would be enough', async () => {
      users.holdings = { scopes: ['C'] };

      expect(await refusalOf(user, needsAny(['A', 'C']))).toMatchObject({
        missingScopes: ['A', 'C'],
        lackedBy: ['app', 'user'],
      });
    });

    it('gains scopes by documented containment only, though the app gains by observed', async () => {
      siteGrants('SCOPE.DC-STORES.MANAGE-PRODUCTS');
      users.holdings = { scopes: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'] };

      expect(await refusalOf(user, needs('SCOPE.DC-STORES.READ-PRODUCTS'))).toMatchObject({ lackedBy: ['user'] });
    });

    it('is requested once for a thousand checks', async () => {
      users.holdings = { scopes: '*' };
      await Promise.all(Array.from({ length: 1_000 }, () => grants.require(user, needs('A'), 'caller')));

      expect(users.asked).toBe(1);
    });

    it('is not confused with another user, or with the same one known to be the owner', async () => {
      users.holdings = { scopes: '*' };
      await grants.require(identity('user', INSTANCE, { isSiteOwner: true }), needs('A'), 'caller');
      users.holdings = { scopes: [] };

      expect(await codeFor(user, needs('A'))).toBe('WIX_SCOPE_MISSING');
      expect(await codeFor(identity('user', INSTANCE, { userId: 'another' }), needs('A'))).toBe('WIX_SCOPE_MISSING');
      expect(await codeFor(identity('user', OTHER_INSTANCE), needs('A'))).toBe('WIX_SCOPE_MISSING');
      expect(await codeFor(identity('user', INSTANCE, { isSiteOwner: true }), needs('A'))).toBe('none');
    });
  });

  describe('members and visitors', () => {
    it.each(['member', 'visitor'] as const)('hold nothing by default (%s)', async (type) => {
      const refusal = await refusalOf(identity(type), needs('A'));

      expect(refusal).toMatchObject({ lackedBy: [type] });
      expect(refusal.message).toContain('VisitorGrants');
    });

    it('hold what the app provides for them, within what the app holds', async () => {
      grants = serviceWith(new SettableVisitorGrants());

      expect(await codeFor(identity('member'), needs('A'))).toBe('none');
      expect(await codeFor(identity('member'), needs('B'))).toBe('WIX_SCOPE_MISSING');
      expect(await codeFor(identity('visitor'), needs('A'))).toBe('WIX_SCOPE_MISSING');
    });

    it('are not confused with a user with the same id', async () => {
      users.holdings = { scopes: '*' };
      await grants.require(user, needs('A'), 'caller');

      expect(await codeFor(identity('member'), needs('A'))).toBe('WIX_SCOPE_MISSING');
      expect(await codeFor(identity('visitor', INSTANCE, { visitorId: USER_ID }), needs('A'))).toBe(
        'WIX_SCOPE_MISSING',
      );
    });
  });

  describe('before it refuses', () => {
    it('asks Wix once more, because the site may just have granted what is missing', async () => {
      await grants.require(user, needs('A'), 'app');
      siteGrants('A', 'B', 'C');
      clock.advance(1);

      expect(await codeFor(user, needs('C'), 'app')).toBe('none');
      expect(requests()).toBe(2);
    });

    it('does so every 30 seconds for one installation and no more often', async () => {
      await grants.require(user, needs('A'), 'app');
      clock.advance(1);
      for (let call = 0; call < 50; call += 1) await codeFor(user, needs('C'), 'app');
      expect(requests()).toBe(2);
      clock.advance(29_999);
      await codeFor(user, needs('C'), 'app');
      expect(requests()).toBe(2);
      clock.advance(1);
      await codeFor(user, needs('C'), 'app');

      expect(requests()).toBe(3);
    });

    it('does so once for many refused callers at the same time', async () => {
      await grants.require(user, needs('A'), 'app');
      clock.advance(1);
      await Promise.all(Array.from({ length: 500 }, () => codeFor(user, needs('C'), 'app')));

      expect(requests()).toBe(2);
    });

    it('accepts an answer that was requested just now', async () => {
      await codeFor(user, needs('C'), 'app');

      expect(requests()).toBe(1);
    });

    it('does so separately for each installation', async () => {
      await codeFor(user, needs('C'), 'app');
      clock.advance(1);
      await codeFor(identity('user', OTHER_INSTANCE), needs('C'), 'app');

      expect(requests()).toBe(2);
    });

    it('requests the user once more too, because a role may just have been given', async () => {
      await codeFor(user, needs('A'));
      users.holdings = { scopes: ['A'] };
      clock.advance(30_000);

      expect(await codeFor(user, needs('A'))).toBe('none');
      expect(users.asked).toBe(2);
    });

    it('notices a withdrawn scope only when its time to live is over', async () => {
      await grants.require(user, needs('A'), 'app');
      siteGrants();
      clock.advance(TTL_MS);
      expect(await codeFor(user, needs('A'), 'app')).toBe('none');
      clock.advance(1);

      expect(await codeFor(user, needs('A'), 'app')).toBe('WIX_SCOPE_MISSING');
    });
  });

  describe('when Wix is unavailable', () => {
    it('says that Wix is unavailable, not that a scope is missing', async () => {
      wix.answers(() => ({ status: 403, body: '<html></html>' }));

      expect(await codeFor(user, needs('A'))).toBe('WIX_UNAVAILABLE');
      expect(await codeOf(() => grants.grantsOf(known.add(user)))).toBe('WIX_UNAVAILABLE');
    });

    it('says so also when only the second request fails', async () => {
      await grants.require(user, needs('A'), 'app');
      wix.answers(() => ({ body: {} }));
      clock.advance(1);

      expect(await codeFor(user, needs('C'), 'app')).toBe('WIX_UNAVAILABLE');
    });

    it('continues with cached answers, and recovers automatically', async () => {
      await grants.require(user, needs('A'), 'app');
      wix.answers(() => ({ body: {} }));
      expect(await codeFor(user, needs('A'), 'app')).toBe('none');
      clock.advance(TTL_MS + 1);
      expect(await codeFor(user, needs('A'), 'app')).toBe('WIX_UNAVAILABLE');
      siteGrants('A');

      expect(await codeFor(user, needs('A'), 'app')).toBe('none');
    });

    it("passes on a failure of an application's source, and caches nothing", async () => {
      users.holdings = Promise.reject(new TypeError('the table is gone'));
      expect(await errorOf(() => grants.require(user, needs('A'), 'caller'))).toBeInstanceOf(TypeError);
      users.holdings = { scopes: '*' };

      expect(await codeFor(user, needs('A'))).toBe('none');
    });

    it('reports that the app is not installed, where Wix does', async () => {
      wix.answers(() => ({ status: 404, body: { message: 'not found' } }));

      expect(await codeFor(user, needs('A'), 'app')).toBe('WIX_INSTANCE_UNKNOWN');
    });
  });

  describe('what is cached', () => {
    it('answers at once: yes or undefined', async () => {
      users.holdings = { scopes: ['A'] };
      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(false);
      await grants.require(user, needs('A'), 'app');
      expect(grants.cachedSatisfy(user, needs('A'), 'app')).toBe(true);
      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(false);
      await grants.require(user, needs('A'), 'caller');

      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(true);
      expect(grants.cachedSatisfy(user, needs('B'), 'caller')).toBe(false);
      expect(grants.cachedSatisfy(user, needs('C'), 'app')).toBe(false);
      expect(grants.cachedSatisfy(identity('user', OTHER_INSTANCE), needs('A'), 'app')).toBe(false);
    });

    it('counts one of each group, which the app and the caller must both hold', async () => {
      users.holdings = { scopes: ['B', 'C'] };
      await codeFor(user, needs('B'));

      expect(grants.cachedSatisfy(user, needsAny(['A', 'B'], ['B', 'C']), 'caller')).toBe(true);
      expect(grants.cachedSatisfy(user, needsAny(['A', 'C']), 'caller')).toBe(false);
      expect(grants.cachedSatisfy(user, needsAny(['B'], ['C']), 'caller')).toBe(false);
      expect(grants.cachedSatisfy(user, { all: ['A'], any: [['B']] }, 'caller')).toBe(false);
    });

    it('applies to the caller it was requested for and to no other', async () => {
      users.holdings = { scopes: ['A'] };
      const again = identity('user');
      await grants.require(user, needs('A'), 'caller');

      expect(grants.cachedSatisfy(again, needs('A'), 'caller')).toBe(true);
      expect(grants.cachedSatisfy(identity('user', INSTANCE, { userId: 'another' }), needs('A'), 'caller')).toBe(false);
    });

    it('is used no longer than its time to live', async () => {
      await grants.require(user, needs('A'), 'app');
      clock.advance(TTL_MS + 1);

      expect(grants.cachedSatisfy(user, needs('A'), 'app')).toBe(false);
    });

    it('is forgotten for the app and its callers', async () => {
      users.holdings = { scopes: '*' };
      await grants.require(user, needs('A'), 'caller');
      await grants.forget(INSTANCE);
      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(false);
      await grants.require(user, needs('A'), 'caller');

      expect([requests(), users.asked]).toEqual([2, 2]);
    });

    it('is requested again before the next refusal, once forgotten', async () => {
      await codeFor(user, needs('C'), 'app');
      await grants.forget(INSTANCE);
      await grants.require(user, needs('A'), 'app');
      siteGrants('A', 'C');
      clock.advance(1);

      expect(await codeFor(user, needs('C'), 'app')).toBe('none');
    });

    it('does not include an answer that was requested before it was forgotten', async () => {
      const slow = deferred<WireAnswer>();
      wix.answers(() => slow.promise);
      const before = codeFor(user, needs('A'), 'app');
      await turns();
      await grants.forget(INSTANCE);
      siteGrants();
      expect(await codeFor(user, needs('A'), 'app')).toBe('WIX_SCOPE_MISSING');
      slow.resolve(granted('A'));
      await before;

      expect(grants.cachedSatisfy(user, needs('A'), 'app')).toBe(false);
    });

    it('does not include an answer about a user that was requested before it was forgotten', async () => {
      const slow = deferred<WixHeldScopes>();
      users.holdings = slow.promise;
      const before = codeFor(user, needs('A'));
      await turns();
      await grants.forget(INSTANCE);
      slow.resolve({ scopes: '*' });
      await before;
      await grants.appGrants(TRUSTED_INSTANCE);

      expect(grants.cachedSatisfy(user, needs('A'), 'caller')).toBe(false);
    });
  });

  describe('grantsOf', () => {
    it('returns what a caller may do on their site', async () => {
      users.holdings = { scopes: ['B', 'C'] };

      expect((await grants.grantsOf(known.add(identity('app')))).ids).toEqual(new Set(['A', 'B']));
      expect((await grants.grantsOf(known.add(user))).ids).toEqual(new Set(['B']));
      expect((await grants.grantsOf(known.add(identity('visitor')))).ids).toEqual(new Set());
    });

    it('returns for an owner what it returns for the app', async () => {
      users.holdings = { scopes: '*' };

      expect((await grants.grantsOf(known.add(user))).ids).toEqual(new Set(['A', 'B']));
    });
  });
});
