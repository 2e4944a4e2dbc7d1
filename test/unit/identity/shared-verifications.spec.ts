import { jest } from '@jest/globals';

import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import { PresentedTokens } from '../../../src/core/identities/presented-tokens.js';
import { AccessTokenVerifier } from '../../../src/identity/introspection/access-token.verifier.js';
import { IntrospectionLimiter } from '../../../src/identity/introspection/introspection-limiter.js';
import { RecentInstallations } from '../../../src/identity/introspection/recent-installations.js';
import { SignedInstanceVerifier } from '../../../src/identity/signed-instance.verifier.js';
import { TokenInfoEndpoint } from '../../../src/identity/introspection/token-info.endpoint.js';
import { WixIdentityService } from '../../../src/identity/wix-identity.service.js';
import { APP_ID, APP_SECRET, INSTANCE, INSTANCE_TEXT, OTHER_INSTANCE, app } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { accessToken, signedInstance } from '../../support/credentials.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';
import { ScriptedWix, type WireAnswer } from '../../support/scripted-wix.js';
import { sharingBy } from '../../support/sharing.js';
import { tokenInfo } from '../../support/token-info.js';
import { RecordingInvalidationBus } from '../../support/recording-invalidation-bus.js';

const TTL_MS = 60_000;
const SETTINGS = {
  ttlMs: TTL_MS,
  staleIfErrorMs: 3_600_000,
  rejectedTtlMs: 10_000,
  maxEntries: 1_000,
  maxCredentialBytes: 8_192,
};

describe('Verifications that two processes share', () => {
  let clock: FakeClock;
  let store: LeasingTokenStore;
  let invalidationBus: RecordingInvalidationBus;
  let wix: ScriptedWix;
  let token: string;
  let presented: PresentedTokens;
  let one: WixIdentityService;
  let other: WixIdentityService;

  const service = (): WixIdentityService => {
    const sharing = sharingBy(store, clock, invalidationBus);
    const recent = new RecentInstallations(sharing.store, clock);
    return new WixIdentityService(
      {
        accessTokens: new AccessTokenVerifier(new TokenInfoEndpoint(wix.client(clock)), clock, APP_ID),
        signedInstances: new SignedInstanceVerifier(app(), clock, 4 * 3_600_000),
        limiter: new IntrospectionLimiter({ maxRequestsPerSecond: 250, maxWaitMs: 10_000 }, recent, clock),
        presented,
        known: new KnownInstances(clock),
        recent,
        sharing,
        clock,
        appId: APP_ID,
      },
      SETTINGS,
    );
  };
  const verify = (by: WixIdentityService, credential = token): Promise<unknown> => codeOf(() => by.verify(credential));

  beforeEach(() => {
    clock = new FakeClock();
    store = new LeasingTokenStore();
    invalidationBus = new RecordingInvalidationBus();
    presented = new PresentedTokens();
    const exp = clock.nowS() + 14_400;
    token = accessToken(exp);
    wix = new ScriptedWix(() => ({ body: tokenInfo(exp) }));
    one = service();
    other = service();
  });

  it('cost one request, and give the same identity for the same token', async () => {
    const [mine, theirs] = await Promise.all([one.verify(token), other.verify(token)]);

    expect(theirs).toEqual(mine);
    expect(presented.of(theirs)).toBe(token);
    expect(wix.requests).toHaveLength(1);
  });

  it('are trusted no longer than in the process that requested them', async () => {
    await one.verify(token);
    clock.advance(TTL_MS - 1);
    await other.verify(token);
    expect(wix.requests).toHaveLength(1);
    clock.advance(1);
    expect(other.cached(token)).toBeUndefined();
    await other.verify(token);

    expect(wix.requests).toHaveLength(2);
  });

  it('are not shared when Wix refuses', async () => {
    wix.answers(() => ({ body: { active: false } }));

    expect(await verify(one)).toBe('WIX_CREDENTIALS_REJECTED');
    expect(store.entries.size).toBe(0);
    expect(await verify(other)).toBe('WIX_CREDENTIALS_REJECTED');
    expect(wix.requests).toHaveLength(2);
  });

  it('are not shared when the token names another installation than Wix', async () => {
    token = accessToken(clock.nowS() + 14_400, { instanceId: OTHER_INSTANCE });
    await one.verify(token);
    await turns();

    // Only that the installation Wix named is a known one.
    expect(store.entries.size).toBe(1);
  });

  it('are forgotten in both', async () => {
    await Promise.all([one.verify(token), other.verify(token)]);
    await one.forget(INSTANCE);
    expect([one.cached(token), other.cached(token)]).toEqual([undefined, undefined]);
    await Promise.all([one.verify(token), other.verify(token)]);

    expect(wix.requests).toHaveLength(2);
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

  it('remove the known installation from the store before the others are notified of the removal', async () => {
    token = accessToken(clock.nowS() + 14_400, { instanceId: OTHER_INSTANCE });
    await one.verify(token);
    await turns();
    store.isSlow = true;
    const storedAtTelling: number[] = [];
    invalidationBus.tell = () => {
      storedAtTelling.push(store.entries.size);
    };
    expect(store.entries.size).toBe(1);
    await one.refuseSignedBefore(INSTANCE, clock.nowMs());

    expect(storedAtTelling).toEqual([0]);
  });

  it('are not cached when they were requested before that', async () => {
    const answer = deferred<WireAnswer>();
    const info = tokenInfo(clock.nowS() + 14_400);
    wix.answers(() => answer.promise);
    const early = one.verify(token);
    await turns();
    await other.forget(INSTANCE);
    answer.resolve({ body: info });
    await early;

    expect(one.cached(token)).toBeUndefined();
    wix.answers(() => ({ body: info }));
    await other.verify(token);
    expect(wix.requests).toHaveLength(2);
  });

  describe('while Wix is down', () => {
    const unreadable = { body: '<html></html>' };
    const outage = (): void => {
      clock.advance(TTL_MS);
      wix.answers(() => unreadable);
    };

    it('are valid in a process that never verified the token', async () => {
      await one.verify(token);
      outage();

      expect(await verify(other)).toBe('none');
      expect(other.cached(token)).toBeDefined();
    });

    it('are not valid in a process that missed that they were forgotten', async () => {
      await Promise.all([one.verify(token), other.verify(token)]);
      invalidationBus.isFailing = true;
      await one.forget(INSTANCE);
      outage();

      expect(await verify(other)).toBe('WIX_UNAVAILABLE');
    });

    it('are not valid while the store does not say whether they were forgotten', async () => {
      await Promise.all([one.verify(token), other.verify(token)]);
      outage();
      jest.spyOn(store, 'get').mockRejectedValue(new Error('the store is away'));

      expect(await verify(other)).toBe('WIX_UNAVAILABLE');
    });

    it('are not valid in any process once one process got a refusal', async () => {
      await Promise.all([one.verify(token), other.verify(token)]);
      clock.advance(TTL_MS);
      wix.answers(() => ({ body: { active: false } }));
      expect(await verify(one)).toBe('WIX_CREDENTIALS_REJECTED');
      wix.answers(() => unreadable);

      expect(await verify(other)).toBe('WIX_UNAVAILABLE');
    });
  });

  it('remain when an old message is delivered again', async () => {
    await one.forget(INSTANCE);
    await other.verify(token);
    invalidationBus.repeat('earlier');

    expect(other.cached(token)).toBeDefined();
  });

  it('of signed instances end with the installation, in processes that start later too', async () => {
    const signed = signedInstance(APP_SECRET, {
      instanceId: INSTANCE_TEXT,
      appDefId: APP_ID,
      signDate: new Date(clock.nowMs()).toISOString(),
    });
    expect(await verify(other, signed)).toBe('none');
    await one.refuseSignedBefore(INSTANCE, clock.nowMs() + 1);
    expect(await verify(other, signed)).toBe('WIX_CREDENTIALS_REJECTED');

    const late = service();
    invalidationBus.repeat('earlier');
    expect(await verify(late, signed)).toBe('WIX_CREDENTIALS_REJECTED');
  });
});
