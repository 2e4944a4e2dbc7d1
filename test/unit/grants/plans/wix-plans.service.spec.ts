import type { AnyWixIdentity } from '../../../../src/core/identities/wix-identity.js';
import { WixUnavailableError } from '../../../../src/core/wix-auth.errors.js';
import type { AppInstance } from '../../../../src/grants/instances/app-instance.js';
import { WixInstances } from '../../../../src/grants/instances/wix-instances.js';
import { WixPlansService } from '../../../../src/grants/plans/wix-plans.service.js';
import { appGrantsOf } from '../../../../src/grants/wix-grants.js';
import { APP_ID, INSTANCE, INSTANCE_TEXT } from '../../../support/app.js';
import { codeOf, errorOf } from '../../../support/code-of.js';
import { deferred } from '../../../support/deferred.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { LeasingTokenStore } from '../../../support/leasing-token-store.js';
import { MapTokenStore } from '../../../support/map-token-store.js';
import { RecordingInvalidationBus } from '../../../support/recording-invalidation-bus.js';
import { sharingBy } from '../../../support/sharing.js';

const TTL_MS = 300_000;

const caller = (more: Partial<AnyWixIdentity> = {}): AnyWixIdentity => ({
  type: 'visitor',
  appId: APP_ID,
  instanceId: INSTANCE,
  credentialType: 'access-token',
  expiresAt: new Date(0),
  ...(more as object),
});

/** Get App Instance of one site, with a count of questions. */
class Site {
  asked = 0;
  readonly hasRoomToSpare = false;
  /** Its plan; `undefined` is the free one. */
  plan: string | undefined;
  failure: Error | undefined;
  answer: Promise<undefined> | undefined;

  async of(): Promise<AppInstance> {
    this.asked += 1;
    const { plan } = this;
    await this.answer;
    if (this.failure !== undefined) throw this.failure;
    return { grants: appGrantsOf([]), plan: { name: plan }, instance: undefined };
  }
}

describe('WixPlansService', () => {
  let clock: FakeClock;
  let site: Site;
  let plans: WixPlansService;

  const plansOn = (sharing = sharingBy(new MapTokenStore(), clock), staleIfErrorMs = 0): WixPlansService =>
    new WixPlansService(new WixInstances(site, sharing, clock, { ttlMs: TTL_MS, staleIfErrorMs }), sharing, clock);
  const codeFor = (who: AnyWixIdentity, ...required: string[]) => codeOf(() => plans.require(who, required));

  beforeEach(() => {
    clock = new FakeClock();
    site = new Site();
    plans = plansOn();
  });

  it('sends no request when the credential names a plan that is enough', async () => {
    const who = caller({ vendorProductId: 'pro' });
    expect(plans.cachedSatisfy(who, ['basic', 'pro'])).toBe(true);
    await expect(codeFor(who, 'basic', 'pro')).resolves.toBe('none');
    expect(site.asked).toBe(0);
  });

  it('asks Wix when the credential names no plan, and caches the answer', async () => {
    site.plan = 'pro';
    expect(plans.cachedSatisfy(caller(), ['pro'])).toBe(false);
    await expect(codeFor(caller(), 'pro')).resolves.toBe('none');
    expect(plans.cachedSatisfy(caller(), ['pro'])).toBe(true);
    clock.advance(TTL_MS - 1);
    await expect(codeFor(caller(), 'pro')).resolves.toBe('none');
    expect(site.asked).toBe(1);
    clock.advance(2);
    expect(plans.cachedSatisfy(caller(), ['pro'])).toBe(false);
  });

  it('asks Wix when the plan in the credential is not enough, since another may have been bought', async () => {
    site.plan = 'pro';
    await expect(codeFor(caller({ vendorProductId: 'basic' }), 'pro')).resolves.toBe('none');
    expect(site.asked).toBe(1);
  });

  it('refuses a site without any of them, with the page where to buy one', async () => {
    const error = await errorOf(() => plans.require(caller(), ['basic', 'pro']));
    expect(error).toMatchObject({
      code: 'WIX_PLAN_REQUIRED',
      requiredPlans: ['basic', 'pro'],
      upgradeUrl: `https://www.wix.com/apps/upgrade/${APP_ID}?appInstanceId=${INSTANCE_TEXT}`,
    });
    site.plan = 'trial';
    clock.advance(30_001);
    await expect(codeFor(caller(), 'basic')).resolves.toBe('WIX_PLAN_REQUIRED');
  });

  it.each(['', 'PRO', 'pro '])('compares plans by every character, so that %j is not pro', async (plan) => {
    site.plan = plan;
    await expect(codeFor(caller(), 'pro')).resolves.toBe('WIX_PLAN_REQUIRED');
  });

  it('asks once more before it refuses by a cached answer, at most every 30 seconds', async () => {
    for (let call = 0; call < 3; call += 1) await codeFor(caller(), 'pro');
    expect(site.asked).toBe(1);
    site.plan = 'pro';
    clock.advance(29_999);
    await expect(codeFor(caller(), 'pro')).resolves.toBe('WIX_PLAN_REQUIRED');
    clock.advance(2);
    await expect(codeFor(caller(), 'pro')).resolves.toBe('none');
    expect(site.asked).toBe(2);
  });

  it('asks once for concurrent callers', async () => {
    const { promise, resolve } = deferred<undefined>();
    site.answer = promise;
    const codes = Promise.all([1, 2, 3].map(() => codeFor(caller(), 'pro')));
    resolve(undefined);
    await expect(codes).resolves.toEqual(['WIX_PLAN_REQUIRED', 'WIX_PLAN_REQUIRED', 'WIX_PLAN_REQUIRED']);
    expect(site.asked).toBe(1);
  });

  it('answers 503, not 403, while Wix is down', async () => {
    await codeFor(caller(), 'pro');
    clock.advance(30_001);
    site.failure = new WixUnavailableError('away', { isOutage: true });
    await expect(codeFor(caller(), 'pro')).resolves.toBe('WIX_UNAVAILABLE');
    await expect(codeFor(caller({ vendorProductId: 'pro' }), 'pro')).resolves.toBe('none');
  });

  it('uses a cached plan longer in an outage, where the options say so', async () => {
    plans = plansOn(undefined, 60_000);
    site.plan = 'pro';
    await codeFor(caller(), 'pro');
    clock.advance(TTL_MS + 59_000);
    site.failure = new WixUnavailableError('away', { isOutage: true });
    await expect(codeFor(caller(), 'pro')).resolves.toBe('none');
    clock.advance(2_000);
    await expect(codeFor(caller(), 'pro')).resolves.toBe('WIX_UNAVAILABLE');
  });

  describe('after the plan changed', () => {
    const before = () => caller({ vendorProductId: 'pro', issuedAt: new Date(clock.nowMs() - 1) });
    const since = () => caller({ vendorProductId: 'pro', issuedAt: new Date(clock.nowMs()) });

    it('forgets the cached plan', async () => {
      site.plan = 'pro';
      await codeFor(caller(), 'pro');
      site.plan = undefined;
      await plans.changed(INSTANCE, clock.nowMs());
      await expect(codeFor(caller(), 'pro')).resolves.toBe('WIX_PLAN_REQUIRED');
    });

    it('does not trust a plan in a credential from before, or in one without an issue date', async () => {
      await plans.changed(INSTANCE, clock.nowMs());
      for (const who of [before(), caller({ vendorProductId: 'pro' })]) {
        expect(plans.cachedSatisfy(who, ['pro'])).toBe(false);
        await expect(codeFor(who, 'pro')).resolves.toBe('WIX_PLAN_REQUIRED');
      }
      expect(plans.cachedSatisfy(since(), ['pro'])).toBe(true);
    });

    it('uses the latest change, in whatever order they arrive', async () => {
      await plans.changed(INSTANCE, clock.nowMs());
      await plans.changed(INSTANCE, clock.nowMs() - 60_000);
      expect(plans.cachedSatisfy(before(), ['pro'])).toBe(false);
    });

    it('asks Wix at once again', async () => {
      await codeFor(caller(), 'pro');
      site.plan = 'pro';
      await plans.changed(INSTANCE, clock.nowMs());
      await expect(codeFor(caller(), 'pro')).resolves.toBe('none');
    });

    it('caches no answer that was requested before', async () => {
      site.plan = 'pro';
      const { promise, resolve } = deferred<undefined>();
      site.answer = promise;
      const early = codeFor(caller(), 'pro');
      site.plan = undefined;
      await plans.changed(INSTANCE, clock.nowMs());
      resolve(undefined);
      await early;
      expect(plans.cachedSatisfy(caller(), ['pro'])).toBe(false);
    });

    it('notifies the other processes, including those that start later', async () => {
      const bus = new RecordingInvalidationBus();
      const there = plansOn(sharingBy(new MapTokenStore(), clock, bus));
      await plansOn(sharingBy(new MapTokenStore(), clock, bus)).changed(INSTANCE, clock.nowMs());
      expect(there.cachedSatisfy(before(), ['pro'])).toBe(false);
      const later = plansOn(sharingBy(new MapTokenStore(), clock, bus));
      expect(later.cachedSatisfy(before(), ['pro'])).toBe(true);
      bus.repeat('earlier');
      expect(later.cachedSatisfy(before(), ['pro'])).toBe(false);
    });
  });

  it('asks once for all processes that share a store', async () => {
    const store = new LeasingTokenStore();
    const [one, other] = [plansOn(sharingBy(store, clock)), plansOn(sharingBy(store, clock))];
    const code = (process: WixPlansService) => codeOf(() => process.require(caller(), ['pro']));
    await expect(code(one)).resolves.toBe('WIX_PLAN_REQUIRED');
    await expect(code(other)).resolves.toBe('WIX_PLAN_REQUIRED');
    expect(site.asked).toBe(1);
    site.plan = 'pro';
    clock.advance(30_001);
    store.endLeases();
    await expect(code(other)).resolves.toBe('none');
    await expect(code(one)).resolves.toBe('none');
    expect(site.asked).toBe(2);
  });
});
