import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import type { AnyWixIdentity } from '../../../src/core/identities/wix-identity.js';
import { AppInstanceEndpoint } from '../../../src/grants/instances/app-instance.endpoint.js';
import { UserGrants, NoVisitorGrants, type WixHeldScopes } from '../../../src/grants/users/user-grants.js';
import { WixGrantsService } from '../../../src/grants/wix-grants.service.js';
import { APP_ID, INSTANCE, TRUSTED_INSTANCE, USER_ID } from '../../support/app.js';
import { MintingWix, appQuestions } from '../../support/app-requests.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';
import { sharingBy } from '../../support/sharing.js';
import { RecordingInvalidationBus } from '../../support/recording-invalidation-bus.js';

const user: AnyWixIdentity = {
  type: 'user',
  appId: APP_ID,
  instanceId: INSTANCE,
  credentialType: 'access-token',
  expiresAt: new Date(),
  userId: USER_ID,
  isSiteOwner: false,
};

describe('Grants that two processes share', () => {
  let clock: FakeClock;
  let wix: MintingWix;
  let store: LeasingTokenStore;
  let invalidationBus: RecordingInvalidationBus;
  let holdings: WixHeldScopes;
  let usersAsked: number;
  let one: WixGrantsService;
  let other: WixGrantsService;

  class CountedUserGrants extends UserGrants {
    override of(): WixHeldScopes {
      usersAsked += 1;
      return holdings;
    }
  }

  const service = (): WixGrantsService =>
    new WixGrantsService(
      {
        app: new AppInstanceEndpoint(appQuestions(wix, clock)),
        users: new CountedUserGrants(),
        visitors: new NoVisitorGrants(),
        known: new KnownInstances(clock),
      },
      sharingBy(store, clock, invalidationBus),
      clock,
      { ttlMs: 300_000, staleIfErrorMs: 3_600_000 },
    );
  const siteGrants = (...permissions: string[]): void => wix.answers(() => ({ body: { instance: { permissions } } }));
  const requests = (): number => wix.to('/apps/v1/instance').length;
  const needing = (by: WixGrantsService, scope: string): Promise<unknown> =>
    codeOf(() => by.require(user, { all: [scope], any: [] }, 'caller'));

  beforeEach(() => {
    clock = new FakeClock();
    wix = new MintingWix(() => ({ body: { instance: { permissions: ['A', 'B'] } } }));
    store = new LeasingTokenStore();
    invalidationBus = new RecordingInvalidationBus();
    holdings = { scopes: ['A'] };
    usersAsked = 0;
    one = service();
    other = service();
  });

  it('cost one question about the app and one about the user', async () => {
    expect([await needing(one, 'A'), await needing(other, 'A')]).toEqual(['none', 'none']);
    expect([requests(), usersAsked]).toEqual([1, 1]);
  });

  it('say the same, also of callers who may do everything, and why not', async () => {
    holdings = { scopes: '*' };
    expect([await needing(one, 'B'), await needing(other, 'B')]).toEqual(['none', 'none']);
    await one.forget(INSTANCE);
    holdings = { scopes: [], hint: 'Map the role.' };
    const refusals = [one, other].map((by) => errorOf(() => by.require(user, { all: ['A'], any: [] }, 'caller')));

    for (const refusal of await Promise.all(refusals)) {
      expect(refusal).toMatchObject({ code: 'WIX_SCOPE_MISSING', lackedBy: ['user'] });
      expect(String(refusal)).toContain('Map the role.');
    }
  });

  it('are asked for again once in thirty seconds before both refuse', async () => {
    await needing(one, 'A');
    clock.advance(1_000);
    const refused = await Promise.all([needing(one, 'C'), needing(other, 'C')]);
    expect(refused).toEqual(Array(2).fill('WIX_SCOPE_MISSING'));
    expect(requests()).toBe(2);
    clock.advance(10_000);
    await Promise.all([needing(one, 'C'), needing(other, 'C')]);

    expect(requests()).toBe(2);
  });

  it('are found by the other when one asked again', async () => {
    await Promise.all([needing(one, 'A'), needing(other, 'A')]);
    siteGrants('A', 'B', 'C');
    holdings = { scopes: ['C'] };
    clock.advance(1_000);

    expect([await needing(one, 'C'), await needing(other, 'C')]).toEqual(['none', 'none']);
    expect(requests()).toBe(2);
  });

  it('count in both while Wix is away, until one was told to forget them', async () => {
    await Promise.all([needing(one, 'A'), needing(other, 'A')]);
    clock.advance(300_001);
    wix.answers(() => ({ body: '<html></html>' }));
    expect([await needing(one, 'A'), await needing(other, 'A')]).toEqual(['none', 'none']);
    invalidationBus.isFailing = true;
    await one.forget(INSTANCE);
    clock.advance(1_001);

    expect([await needing(one, 'A'), await needing(other, 'A')]).toEqual(['WIX_UNAVAILABLE', 'WIX_UNAVAILABLE']);
  });

  it('are forgotten in both', async () => {
    await Promise.all([needing(one, 'A'), needing(other, 'A')]);
    siteGrants('B');
    await one.forget(INSTANCE);
    expect([...(await other.appGrants(TRUSTED_INSTANCE)).ids, ...(await one.appGrants(TRUSTED_INSTANCE)).ids]).toEqual([
      'B',
      'B',
    ]);

    expect(requests()).toBe(2);
  });

  it('are marked as forgotten in the store before the others hear of it', async () => {
    store.isSlow = true;
    const storedAtTelling: number[] = [];
    invalidationBus.tell = () => {
      storedAtTelling.push(store.lifetimesMs.length);
    };
    await one.forget(INSTANCE);

    expect(store.lifetimesMs.length).toBeGreaterThan(0);
    expect(storedAtTelling).toEqual([store.lifetimesMs.length]);
  });

  it('stay when an old message is heard once more', async () => {
    await one.forget(INSTANCE);
    await needing(other, 'A');
    invalidationBus.repeat('earlier');

    expect(other.cachedSatisfy(user, { all: ['A'], any: [] }, 'caller')).toBe(true);
  });
});
