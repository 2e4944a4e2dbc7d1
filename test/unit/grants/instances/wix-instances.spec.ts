import { KnownInstances } from '../../../../src/core/identities/known-instances.js';
import type { AnyWixIdentity } from '../../../../src/core/identities/wix-identity.js';
import { AppInstanceEndpoint } from '../../../../src/grants/instances/app-instance.endpoint.js';
import { WixInstances } from '../../../../src/grants/instances/wix-instances.js';
import { WixPlansService } from '../../../../src/grants/plans/wix-plans.service.js';
import type { TtlCacheSettings } from '../../../../src/grants/ttl-cache.js';
import { NoVisitorGrants, UserGrants, type WixHeldScopes } from '../../../../src/grants/users/user-grants.js';
import { WixGrantsService } from '../../../../src/grants/wix-grants.service.js';
import type { TokenStore } from '../../../../src/store/token-store.js';
import { APP_ID, INSTANCE, INSTANCE_TEXT, SITE_ID } from '../../../support/app.js';
import { MintingWix, appQuestions } from '../../../support/app-requests.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { LeasingTokenStore } from '../../../support/leasing-token-store.js';
import { MapTokenStore } from '../../../support/map-token-store.js';
import { sharingBy } from '../../../support/sharing.js';

const PATH = '/apps/v1/instance';
// Too long to be waited for, so it is not asked again within one request.
const DOWN = { status: 503, headers: { 'retry-after': '60' } };

class NoUserGrants extends UserGrants {
  override of(): WixHeldScopes {
    return { scopes: [] };
  }
}

describe('WixInstances', () => {
  let clock: FakeClock;
  let wix: MintingWix;
  let instances: WixInstances;

  beforeEach(() => {
    clock = new FakeClock();
    wix = new MintingWix(() => ({ body: { instance: { instanceId: INSTANCE_TEXT } } }));
    ({ instances } = processOn(new MapTokenStore()));
  });

  const processOn = (store: TokenStore, settings: TtlCacheSettings = { ttlMs: 1_000 }) => {
    const sharing = sharingBy(store, clock);
    const described = new WixInstances(new AppInstanceEndpoint(appQuestions(wix, clock)), sharing, clock, settings);
    const sources = {
      instances: described,
      users: new NoUserGrants(),
      visitors: new NoVisitorGrants(),
      known: new KnownInstances(clock),
    };
    const plans = new WixPlansService(described, sharing, clock);
    return { instances: described, plans, grants: new WixGrantsService(sources, sharing, clock, settings) };
  };

  it('reads what Wix says of an installation', async () => {
    const billing = {
      packageName: 'pro',
      billingCycle: 'MONTHLY',
      expirationDate: '2027-01-01T00:00:00Z',
      autoRenewing: true,
    };
    const instance = {
      instanceId: INSTANCE_TEXT.toUpperCase(),
      appName: 'App',
      isFree: false,
      permissions: ['A', 7],
      billing,
    };
    const site = {
      siteId: SITE_ID,
      siteDisplayName: 'Site',
      url: 'https://site.test',
      ownerInfo: { email: 'o@site.test' },
    };
    wix.answers(() => ({ body: { instance, site } }));

    expect(await instances.of(INSTANCE)).toMatchObject({
      instanceId: INSTANCE_TEXT,
      appName: 'App',
      isFree: false,
      permissions: ['A'],
      plan: { ...billing, expirationDate: new Date('2027-01-01T00:00:00Z') },
      site: { siteId: SITE_ID, displayName: 'Site', url: 'https://site.test', ownerEmail: 'o@site.test' },
    });
  });

  it('leaves undefined what Wix omits or sends in an unreadable form', async () => {
    const billing = { expirationDate: 'never', autoRenewing: 'yes' };
    wix.answers(() => ({ body: { instance: { instanceId: INSTANCE_TEXT, isFree: 'no', billing }, site: null } }));

    expect(await instances.of(INSTANCE)).toMatchObject({
      isFree: undefined,
      permissions: [],
      plan: { expirationDate: undefined, autoRenewing: undefined },
      site: { siteId: undefined },
    });
  });

  describe('the single answer about an installation', () => {
    const billing = { packageName: 'pro' };
    const caller: AnyWixIdentity = {
      type: 'app',
      appId: APP_ID,
      instanceId: INSTANCE,
      credentialType: 'access-token',
      expiresAt: new Date(0),
    };
    const needsA = { all: ['A'], any: [] };

    beforeEach(() => {
      wix.answers(() => ({ body: { instance: { instanceId: INSTANCE_TEXT, permissions: ['A'], billing } } }));
    });

    it('provides grants, plan and all the rest in one request', async () => {
      const { grants, plans, instances: described } = processOn(new MapTokenStore());
      await grants.require(caller, needsA, 'app');
      expect(plans.cachedSatisfy(caller, ['pro'])).toBe(true);
      await plans.require(caller, ['pro']);
      expect(await described.of(INSTANCE)).toMatchObject({ permissions: ['A'], plan: billing });

      expect(wix.to(PATH)).toHaveLength(1);
    });

    it('serves concurrent callers for different parts of it', async () => {
      const { grants, plans, instances: described } = processOn(new MapTokenStore());
      await Promise.all([
        grants.require(caller, needsA, 'app'),
        plans.require(caller, ['pro']),
        described.of(INSTANCE),
      ]);

      expect(wix.to(PATH)).toHaveLength(1);
    });

    it('serves grants and plan in other processes, which ask Wix for the rest', async () => {
      const store = new LeasingTokenStore();
      const [one, other] = [processOn(store), processOn(store)];
      await one.grants.require(caller, needsA, 'app');
      await other.grants.require(caller, needsA, 'app');
      await other.plans.require(caller, ['pro']);
      expect(wix.to(PATH)).toHaveLength(1);
      expect(await other.instances.of(INSTANCE)).toMatchObject({ plan: billing });
      await other.instances.of(INSTANCE);

      expect(wix.to(PATH)).toHaveLength(2);
    });

    it('is forgotten with all its parts when the plan changes or the grants are forgotten', async () => {
      const { grants, plans, instances: described } = processOn(new LeasingTokenStore());
      await described.of(INSTANCE);
      await plans.changed(INSTANCE, clock.nowMs());
      expect(grants.cachedSatisfy(caller, needsA, 'app')).toBe(false);
      await described.of(INSTANCE);
      await grants.forget(INSTANCE);
      expect(plans.cachedSatisfy(caller, ['pro'])).toBe(false);
      await described.of(INSTANCE);

      expect(wix.to(PATH)).toHaveLength(3);
    });

    it('serves all its parts in an outage, where the options say so', async () => {
      const settings = { ttlMs: 1_000, staleIfErrorMs: 60_000 };
      const { grants, plans, instances: described } = processOn(new LeasingTokenStore(), settings);
      await described.of(INSTANCE);
      clock.advance(1_001);
      wix.answers(() => DOWN);
      expect(await described.of(INSTANCE)).toMatchObject({ plan: billing });
      clock.advance(1_001);
      await grants.require(caller, needsA, 'app');
      await plans.require(caller, ['pro']);
      await grants.forget(INSTANCE);

      expect(await codeOf(() => described.of(INSTANCE))).toBe('WIX_UNAVAILABLE');
    });

    it('gives no plan when it does not name the installation', async () => {
      wix.answers(() => ({ body: { instance: { permissions: ['A'] } } }));
      const { grants, plans } = processOn(new MapTokenStore());
      await grants.require(caller, needsA, 'app');

      expect(await codeOf(() => plans.require(caller, ['pro']))).toBe('WIX_UNAVAILABLE');
    });
  });

  it('is cached for its time to live, and requested again on demand or after it was forgotten', async () => {
    await instances.of(INSTANCE);
    await instances.of(INSTANCE);
    expect(wix.to(PATH)).toHaveLength(1);
    await instances.now(INSTANCE);
    expect(wix.to(PATH)).toHaveLength(2);
    await instances.forget(INSTANCE);
    await instances.of(INSTANCE);
    expect(wix.to(PATH)).toHaveLength(3);
    clock.advance(1_001);
    await instances.of(INSTANCE);

    expect(wix.to(PATH)).toHaveLength(4);
  });

  it.each([
    ['WIX_INSTANCE_UNKNOWN', { status: 404, body: { message: 'not found' } }],
    ['WIX_UNAVAILABLE', { status: 404, body: '<html></html>' }],
    ['WIX_UNAVAILABLE', { status: 403, body: { message: 'no' } }],
    ['WIX_UNAVAILABLE', { body: {} }],
    ['WIX_UNAVAILABLE', { body: { instance: { appName: 'no id' } } }],
  ])('answers %s after %j', async (code, answer) => {
    wix.answers(() => answer);

    expect(await codeOf(() => instances.of(INSTANCE))).toBe(code);
  });
});
