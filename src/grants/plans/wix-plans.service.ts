import type { WixClock } from '../../core/clock.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { numberOf, textOf, type JsonObject } from '../../core/values/json.js';
import { WixPlanRequiredError } from '../../core/wix-auth.errors.js';
import type { SharedInvalidations } from '../../store/shared-invalidations.js';
import type { Sharing } from '../../store/sharing.js';
import type { SitePlan } from '../instances/app-instance.js';
import type { WixInstances } from '../instances/wix-instances.js';
import { RegrantThrottle } from '../regrant-throttle.js';
import { PlanChanges } from './plan-changes.js';

const CHANGED = 'plan changed';

/**
 * Which plan of the app a site has: what the caller's credential tells, and where that does not suffice, what Wix says
 * (Get App Instance). Its `billing.packageName` is taken for the product id that credentials tell. The guards use it for
 * `@RequirePlan()`; call it yourself where there is no HTTP request.
 */
export class WixPlansService {
  readonly #instances: WixInstances;
  readonly #invalidations: SharedInvalidations;
  readonly #clock: WixClock;
  readonly #throttle: RegrantThrottle;
  readonly #changes = new PlanChanges();

  /** @internal */
  constructor(instances: WixInstances, sharing: Sharing, clock: WixClock) {
    this.#instances = instances;
    this.#invalidations = sharing.invalidations;
    this.#clock = clock;
    this.#throttle = new RegrantThrottle(sharing.store, 'plan asked again');
    this.#invalidations.on(CHANGED, (body) => this.#onChanged(body));
  }

  /** Whether a caller's site has one of these plans, from the cache. `false` means: call {@link require}. */
  cachedSatisfy(identity: AnyWixIdentity, plans: readonly string[]): boolean {
    const { instanceId } = identity;
    return isOneOf(plans, this.#changes.planToldBy(identity)) || has(plans, this.#instances.cached(instanceId)?.plan);
  }

  /**
   * Settles whether a caller's site has one of these plans. Before it refuses, Wix is asked once more (at most every 30
   * seconds per installation), because the site may just have bought it.
   *
   * @throws {@link WixPlanRequiredError} when it has none of them.
   * @throws {@link WixUnavailableError} when that cannot be found out, {@link WixInstanceUnknownError} when the app is not
   * installed there.
   */
  async require(identity: AnyWixIdentity, plans: readonly string[]): Promise<void> {
    const { instanceId } = identity;
    const startedMs = this.#clock.nowMs();
    if (isOneOf(plans, this.#changes.planToldBy(identity)) || has(plans, await this.#instances.planOf(instanceId)))
      return;

    const sinceMs = await this.#throttle.sinceMs(instanceId, startedMs);
    if (!has(plans, await this.#instances.planOf(instanceId, sinceMs))) throw refusalOf(identity, plans);
  }

  /**
   * Forgets the plan of an installation, and what credentials from before that moment tell of it: here at once, and in all
   * processes that share the cache when the promise is fulfilled.
   */
  async changed(instanceId: WixInstanceId, atMs: number): Promise<void> {
    this.#changedHere(instanceId, atMs);
    await this.#instances.forget(instanceId);
    this.#throttle.forget(instanceId);
    await this.#invalidations.publish(CHANGED, { instanceId, atMs });
  }

  // Told late as well: which credentials are out of date is not known otherwise by processes that start later.
  #onChanged(body: JsonObject): void {
    this.#changedHere(instanceIdFromWix(textOf(body, 'instanceId') ?? ''), numberOf(body, 'atMs') ?? 0);
  }

  #changedHere(instanceId: WixInstanceId, atMs: number): void {
    this.#changes.remember(instanceId, atMs);
    this.#instances.forgetHere(instanceId);
    this.#throttle.forget(instanceId);
  }
}

const isOneOf = (plans: readonly string[], plan: string | undefined): boolean =>
  plan !== undefined && plans.includes(plan);

const has = (plans: readonly string[], plan: SitePlan | undefined): boolean => isOneOf(plans, plan?.name);

const refusalOf = ({ appId, instanceId }: AnyWixIdentity, plans: readonly string[]): WixPlanRequiredError =>
  new WixPlanRequiredError(
    `The site needs one of these plans of the app: ${plans.join(', ')}.`,
    plans,
    upgradePage(appId, instanceId),
  );

// https://dev.wix.com/docs/build-apps/launch-your-app/pricing-and-billing
const upgradePage = (appId: string, instanceId: WixInstanceId): string =>
  `https://www.wix.com/apps/upgrade/${appId}?appInstanceId=${instanceId}`;
