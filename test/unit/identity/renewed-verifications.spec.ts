import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import { PresentedTokens } from '../../../src/core/identities/presented-tokens.js';
import { AuthEvents } from '../../../src/core/auth-events.js';
import { GracefulShutdown } from '../../../src/core/concurrency/graceful-shutdown.js';
import { laneSlots, WixAgents } from '../../../src/http/wix-agents.js';
import { AccessTokenVerifier } from '../../../src/identity/introspection/access-token.verifier.js';
import { IntrospectionLimiter } from '../../../src/identity/introspection/introspection-limiter.js';
import { RecentInstallations } from '../../../src/identity/introspection/recent-installations.js';
import { TokenInfoEndpoint } from '../../../src/identity/introspection/token-info.endpoint.js';
import { SignedInstanceVerifier } from '../../../src/identity/signed-instance.verifier.js';
import { WixIdentityService } from '../../../src/identity/wix-identity.service.js';
import type { TokenStore } from '../../../src/store/token-store.js';
import { APP_ID, APP_SECRET, INSTANCE, INSTANCE_TEXT, OTHER_INSTANCE, USER_ID, app } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { accessToken, signedInstance } from '../../support/credentials.js';
import { deferred, turns } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
import { LeasingTokenStore } from '../../support/leasing-token-store.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import { ScriptedWix, type WireAnswer } from '../../support/scripted-wix.js';
import { sharingBy } from '../../support/sharing.js';
import { tokenInfo } from '../../support/token-info.js';

const TTL_MS = 60_000;
const DUE_MS = 45_000;
const SETTINGS = {
  ttlMs: TTL_MS,
  staleIfErrorMs: 3_600_000,
  rejectedTtlMs: 10_000,
  maxEntries: 1_000,
  maxCredentialBytes: 8_192,
};
// Too long to be waited for, so it is not asked again within one request.
const DOWN = { status: 503, headers: { 'retry-after': '60' } };
const NO = { body: { active: false } };

describe('Verifications in use, in the last quarter of their time to live', () => {
  let clock: FakeClock;
  let wix: ScriptedWix;
  let exp: number;
  let token: string;
  let shutdown: GracefulShutdown;
  let service: WixIdentityService;

  const serviceBy = (store: TokenStore): WixIdentityService => {
    const sharing = sharingBy(store, clock);
    const recent = new RecentInstallations(sharing.store, clock);
    const client = wix.client(clock, 5_000, new WixAgents(shutdown));
    return new WixIdentityService(
      {
        accessTokens: new AccessTokenVerifier(new TokenInfoEndpoint(client), clock, APP_ID),
        signedInstances: new SignedInstanceVerifier(app(), clock, 4 * 3_600_000),
        limiter: new IntrospectionLimiter({ maxRequestsPerSecond: 250, maxWaitMs: 10_000 }, recent, clock),
        presented: new PresentedTokens(),
        known: new KnownInstances(clock),
        recent,
        sharing,
        clock,
        appId: APP_ID,
      },
      SETTINGS,
    );
  };
  const active = (): WireAnswer => ({ body: tokenInfo(exp) });
  const code = (by = service): Promise<unknown> => codeOf(() => by.verify(token));
  /** Lets whatever goes on in the background come to its end. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await turns();
  };
  /** Verifies a token, and uses it when it is due. */
  const usedWhenDue = async (by = service): Promise<void> => {
    await by.verify(token);
    clock.advance(DUE_MS);
    expect(by.cached(token)).toMatchObject({ userId: USER_ID });
    await settle();
  };

  beforeEach(() => {
    clock = new FakeClock();
    exp = clock.nowS() + 14_400;
    token = accessToken(exp);
    wix = new ScriptedWix(active);
    shutdown = new GracefulShutdown(10_000, new AuthEvents());
    service = serviceBy(new MapTokenStore());
  });

  it('are renewed without the caller waiting', async () => {
    await service.verify(token);
    clock.advance(DUE_MS - 1);
    service.cached(token);
    await settle();
    expect(wix.requests).toHaveLength(1);
    clock.advance(1);
    service.cached(token);
    await settle();
    expect(wix.requests).toHaveLength(2);

    wix.answers(() => DOWN);
    clock.advance(TTL_MS - 1);
    expect(service.cached(token)).toMatchObject({ userId: USER_ID });
  });

  it('are renewed one at a time, however often they are used', async () => {
    await service.verify(token);
    clock.advance(DUE_MS);
    const slow = deferred<WireAnswer>();
    wix.answers(() => slow.promise);
    for (let use = 0; use < 100; use += 1) {
      clock.advance(100);
      await service.verify(token);
    }
    await settle();

    expect(wix.requests).toHaveLength(2);
    slow.resolve(active());
    await settle();
    clock.advance(100);
    await service.verify(token);
    await settle();
    expect(wix.requests).toHaveLength(2);
  });

  it('are not renewed while they are unused', async () => {
    await service.verify(token);
    clock.advance(TTL_MS - 1);
    await settle();

    expect(wix.requests).toHaveLength(1);
  });

  it('are not renewed when that could not make them last longer', async () => {
    clock.advance((14_400 - 50) * 1_000);
    await usedWhenDue();

    expect(wix.requests).toHaveLength(1);
  });

  it('are renewed by a request to Wix only for access tokens', async () => {
    const text = signedInstance(APP_SECRET, {
      instanceId: INSTANCE_TEXT,
      appDefId: APP_ID,
      signDate: new Date(clock.nowMs()).toISOString(),
      uid: USER_ID,
      siteOwnerId: USER_ID,
    });
    service.verifySignedInstance(text);
    clock.advance(DUE_MS);
    expect(service.cached(text)).toBeDefined();
    await settle();

    expect(wix.requests).toHaveLength(0);
  });

  it('remain valid when a renewal fails, which is tried again', async () => {
    wix.answers(() => (wix.requests.length > 1 ? DOWN : active()));
    await usedWhenDue();
    expect(wix.requests).toHaveLength(2);
    clock.advance(TTL_MS - DUE_MS - 1);
    expect(await code()).toBe('none');
    await settle();
    expect(wix.requests).toHaveLength(3);
    expect(service.cached(token)).toMatchObject({ userId: USER_ID });

    clock.advance(1);
    expect(service.cached(token)).toBeUndefined();
  });

  it('end at once when Wix refuses the token, and the refusal is remembered', async () => {
    await service.verify(token);
    wix.answers(() => NO);
    clock.advance(DUE_MS);
    expect(service.cached(token)).toBeDefined();
    await settle();

    expect(service.cached(token)).toBeUndefined();
    expect(await code()).toBe('WIX_CREDENTIALS_REJECTED');
    expect(wix.requests).toHaveLength(2);
  });

  it.each(['forgotten', 'removed'])('are not cached by a renewal in progress when they are %s', async (how) => {
    await service.verify(token);
    clock.advance(DUE_MS);
    const slow = deferred<WireAnswer>();
    wix.answers(() => slow.promise);
    service.cached(token);
    await settle();
    await (how === 'forgotten' ? service.forget(INSTANCE) : service.refuseSignedBefore(INSTANCE, clock.nowMs()));
    slow.resolve(active());
    await settle();

    expect(wix.requests).toHaveLength(2);
    expect(service.cached(token)).toBeUndefined();
  });

  it('are not renewed once forgotten', async () => {
    await service.verify(token);
    await service.forget(INSTANCE);
    clock.advance(DUE_MS);
    expect(service.cached(token)).toBeUndefined();
    await settle();

    expect(wix.requests).toHaveLength(1);
  });

  it('are not renewed while others need the capacity', async () => {
    await service.verify(token);
    const slow = deferred<WireAnswer>();
    const many = Array.from({ length: laneSlots('reverification') }, (_, index) =>
      accessToken(exp, { instanceId: OTHER_INSTANCE }, `-signature-${String(index)}`.padStart(43, 'x')),
    );
    await Promise.all(many.map((one) => service.verify(one)));
    clock.advance(TTL_MS - 1);
    expect(service.cached(token)).toBeDefined();
    await settle();
    const before = wix.requests.length;
    wix.answers(() => slow.promise);
    clock.advance(1);
    const verified = Promise.all(many.map((one) => service.verify(one)));
    await settle();
    expect(wix.requests.length - before).toBe(many.length);

    clock.advance(DUE_MS);
    expect(service.cached(token)).toBeDefined();
    await settle();
    expect(wix.requests.length - before).toBe(many.length);
    slow.resolve(active());
    await verified;
    service.cached(token);
    await settle();
    expect(wix.requests.length - before).toBe(many.length + 1);
  });

  it('are cancelled by a shutdown, and not started, without effect on callers or processes', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    shutdown = new GracefulShutdown(1, new AuthEvents());
    service = serviceBy(new MapTokenStore());
    await service.verify(token);
    clock.advance(DUE_MS);
    const unanswered = deferred<WireAnswer>();
    wix.answers(() => unanswered.promise);
    service.cached(token);
    await settle();
    expect(wix.requests).toHaveLength(2);

    shutdown.onModuleDestroy();
    await shutdown.onApplicationShutdown();
    clock.advance(10_000);
    expect(service.cached(token)).toMatchObject({ userId: USER_ID });
    await settle();
    process.off('unhandledRejection', note);
    expect(wix.requests).toHaveLength(2);
    expect(unhandled).toEqual([]);
    // Ends the timer of the request; over a real socket the shutdown does.
    unanswered.resolve(active());
    await settle();
  });

  describe('in two processes', () => {
    let store: LeasingTokenStore;
    let other: WixIdentityService;

    beforeEach(() => {
      store = new LeasingTokenStore();
      service = serviceBy(store);
      other = serviceBy(store);
    });

    it('are renewed by one of them', async () => {
      await Promise.all([service.verify(token), other.verify(token)]);
      clock.advance(DUE_MS);
      service.cached(token);
      await settle();
      other.cached(token);
      await settle();
      expect(wix.requests).toHaveLength(2);

      clock.advance(TTL_MS - 1);
      expect(other.cached(token)).toMatchObject({ userId: USER_ID });
    });

    it('end in the store when Wix refuses the token, even during later outages', async () => {
      await Promise.all([service.verify(token), other.verify(token)]);
      wix.answers(() => NO);
      clock.advance(DUE_MS);
      service.cached(token);
      await settle();
      expect(await code()).toBe('WIX_CREDENTIALS_REJECTED');

      wix.answers(() => DOWN);
      clock.advance(TTL_MS - DUE_MS);
      expect(await code(other)).toBe('WIX_UNAVAILABLE');
    });

    it('are not restored in the store by a renewal that began before they were forgotten', async () => {
      await service.verify(token);
      clock.advance(DUE_MS);
      const slow = deferred<WireAnswer>();
      wix.answers(() => slow.promise);
      service.cached(token);
      await settle();
      await service.forget(INSTANCE);
      slow.resolve(active());
      await settle();

      wix.answers(() => NO);
      expect(await code(other)).toBe('WIX_CREDENTIALS_REJECTED');
    });
  });
});
