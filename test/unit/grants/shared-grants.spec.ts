import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import type { AnyWixIdentity } from '../../../src/core/identities/wix-identity.js';
import { AppInstanceEndpoint } from '../../../src/grants/instances/app-instance.endpoint.js';
import { WixInstances } from '../../../src/grants/instances/wix-instances.js';
import { UserGrants, NoVisitorGrants, type WixHeldScopes } from '../../../src/grants/users/user-grants.js';
import { WixGrantsService } from '../../../src/grants/wix-grants.service.js';
import { APP_ID, INSTANCE, TRUSTED_INSTANCE, USER_ID } from '../../support/app.js';
import { MintingWix, appQuestions } from '../../support/app-requests.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';
import { sharingBy } from '../../support/sharing.js';
import { RecordingInvalidationBus } from '../../support/recording-invalidation-bus.js';

const TTL_MS = 300_000;
const DUE_MS = 225_000;

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

  const service = (): WixGrantsService => {
    const sharing = sharingBy(store, clock, invalidationBus);
    const settings = { ttlMs: TTL_MS, staleIfErrorMs: 3_600_000, hasRoomToSpare: () => true };
    const instances = new WixInstances(new AppInstanceEndpoint(appQuestions(wix, clock)), sharing, clock, settings);
    const users = new CountedUserGrants();
    const known = new KnownInstances(clock);
    return new WixGrantsService({ instances, users, visitors: new NoVisitorGrants(), known }, sharing, clock, settings);
  };
  const siteGrants = (...permissions: string[]): void => wix.answers(() => ({ body: { instance: { permissions } } }));
  const requests = (): number => wix.to('/apps/v1/instance').length;
  const needing = (by: WixGrantsService, scope: string): Promise<unknown> =>
    codeOf(() => by.require(user, { all: [scope], any: [] }, 'caller'));

  /** Lets what goes on in the background come to its end. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await turns();
  };

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

  it('cost one request about the app and one about the user', async () => {
    expect([await needing(one, 'A'), await needing(other, 'A')]).toEqual(['none', 'none']);
    expect([requests(), usersAsked]).toEqual([1, 1]);
  });

  it('give the same decision, even for callers with all permissions, and the same reason', async () => {
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

  it('are requested again once in thirty seconds before both refuse', async () => {
    await needing(one, 'A');
    clock.advance(1_000);
    const refused = await Promise.all([needing(one, 'C'), needing(other, 'C')]);
    expect(refused).toEqual(Array(2).fill('WIX_SCOPE_MISSING'));
    expect(requests()).toBe(2);
    clock.advance(10_000);
    await Promise.all([needing(one, 'C'), needing(other, 'C')]);

    expect(requests()).toBe(2);
  });

  it('are found by the other after one requested them again', async () => {
    await Promise.all([needing(one, 'A'), needing(other, 'A')]);
    siteGrants('A', 'B', 'C');
    holdings = { scopes: ['C'] };
    clock.advance(1_000);

    expect([await needing(one, 'C'), await needing(other, 'C')]).toEqual(['none', 'none']);
    expect(requests()).toBe(2);
  });

  it('are valid in both while Wix is down, until one is told to forget them', async () => {
    await Promise.all([needing(one, 'A'), needing(other, 'A')]);
    clock.advance(300_001);
    wix.answers(() => ({ body: '<html></html>' }));
    expect([await needing(one, 'A'), await needing(other, 'A')]).toEqual(['none', 'none']);
    invalidationBus.isFailing = true;
    await one.forget(INSTANCE);
    clock.advance(1_001);

    expect([await needing(one, 'A'), await needing(other, 'A')]).toEqual(['WIX_UNAVAILABLE', 'WIX_UNAVAILABLE']);
  });

  it('are renewed at the first use in the last quarter of their time to live, and no sooner', async () => {
    await Promise.all([needing(one, 'A'), needing(other, 'A')]);
    clock.advance(DUE_MS - 1);
    await needing(one, 'A');
    await settled();
    expect([requests(), usersAsked]).toEqual([1, 1]);
    clock.advance(1);
    await needing(one, 'A');
    await settled();
    expect([requests(), usersAsked]).toEqual([2, 2]);
  });

  it.each([
    ['are found by the other when those are not due', DUE_MS, 2],
    ['are not, when those are due as well', DUE_MS + 1, 3],
  ])('that are due for renewal and that one has requested again %s', async (_when, atMs, requestsAfter) => {
    await Promise.all([needing(one, 'A'), needing(other, 'A')]);
    clock.advance(1);
    await needing(one, 'C');
    expect(requests()).toBe(2);
    clock.advance(atMs - 1);
    await needing(other, 'A');
    await settled();

    expect(requests()).toBe(requestsAfter);
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

  it('are marked as forgotten in the store before the others are notified', async () => {
    store.isSlow = true;
    const storedAtTelling: number[] = [];
    invalidationBus.tell = () => {
      storedAtTelling.push(store.lifetimesMs.length);
    };
    await one.forget(INSTANCE);

    expect(store.lifetimesMs.length).toBeGreaterThan(0);
    expect(storedAtTelling).toEqual([store.lifetimesMs.length]);
  });

  it('remain when an old message is delivered again', async () => {
    await one.forget(INSTANCE);
    await needing(other, 'A');
    invalidationBus.repeat('earlier');

    expect(other.cachedSatisfy(user, { all: ['A'], any: [] }, 'caller')).toBe(true);
  });
});
