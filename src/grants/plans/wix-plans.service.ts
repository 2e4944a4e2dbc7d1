import type { WixClock } from '../../core/clock.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { isJsonObject, numberOf, textOf, type JsonObject } from '../../core/values/json.js';
import { WixPlanRequiredError } from '../../core/wix-auth.errors.js';
import type { SharedInvalidations } from '../../store/shared-invalidations.js';
import type { SharedValues } from '../../store/shared-values.js';
import type { Sharing } from '../../store/sharing.js';
import type { WixInstances } from '../instances/wix-instances.js';
import { RegrantThrottle } from '../regrant-throttle.js';
import { TtlCache, type TtlCacheSettings } from '../ttl-cache.js';
import { PlanChanges } from './plan-changes.js';

/** What Wix says of a site's plan; without a name, it is the free one. */
interface SitePlan {
  readonly name: string | undefined;
}

const CHANGED = 'plan changed';
// A token of the app first.
const REQUESTS = 2;

/**
 * Which plan of the app a site has: what the caller's credential tells, and where that does not suffice, what Wix says
 * (Get App Instance). Its `billing.packageName` is taken for the product id that credentials tell. The guards use it for
 * `@RequirePlan()`; call it yourself where there is no HTTP request.
 */
export class WixPlansService {
  readonly #instances: Pick<WixInstances, 'now'>;
  readonly #invalidations: SharedInvalidations;
  readonly #shared: SharedValues;
  readonly #clock: WixClock;
  readonly #cache: TtlCache<SitePlan>;
  readonly #throttle: RegrantThrottle;
  readonly #changes = new PlanChanges();

  /** @internal */
  constructor(instances: Pick<WixInstances, 'now'>, sharing: Sharing, clock: WixClock, settings: TtlCacheSettings) {
    this.#instances = instances;
    this.#invalidations = sharing.invalidations;
    this.#shared = sharing.values('plans', REQUESTS);
    this.#clock = clock;
    this.#cache = new TtlCache(clock, settings, { values: this.#shared, toJson, fromJson });
    this.#throttle = new RegrantThrottle(sharing.store, 'plan asked again');
    this.#invalidations.on(CHANGED, (body) => this.#onChanged(body));
  }

  /** Whether what is known here says that a caller's site has one of these plans. `false` means: ask {@link require}. */
  cachedSatisfy(identity: AnyWixIdentity, plans: readonly string[]): boolean {
    return isOneOf(plans, this.#changes.planToldBy(identity)) || has(plans, this.#cache.cached(identity.instanceId));
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
    if (isOneOf(plans, this.#changes.planToldBy(identity)) || has(plans, await this.#planOf(instanceId))) return;

    const sinceMs = await this.#throttle.sinceMs(instanceId, startedMs);
    if (!has(plans, await this.#planOf(instanceId, sinceMs))) throw refusalOf(identity, plans);
  }

  /**
   * Forgets the plan of an installation, and what credentials from before that moment tell of it: here at once, and in all
   * processes that share the cache when the promise is fulfilled.
   */
  async changed(instanceId: WixInstanceId, atMs: number): Promise<void> {
    this.#changedHere(instanceId, atMs);
    await this.#shared.forget(instanceId);
    // Requests that began meanwhile may have found in the store what was not marked there yet.
    this.#changedHere(instanceId, atMs);
    await this.#invalidations.publish(CHANGED, { instanceId, atMs });
  }

  #planOf(instanceId: WixInstanceId, sinceMs?: number): Promise<SitePlan> {
    return this.#cache.get(instanceId, instanceId, () => this.#load(instanceId), sinceMs);
  }

  async #load(instanceId: WixInstanceId): Promise<SitePlan> {
    const { plan } = await this.#instances.now(instanceId);
    return { name: plan?.packageName };
  }

  // Told late as well: which credentials are out of date is not known otherwise by processes that start later.
  #onChanged(body: JsonObject): void {
    this.#changedHere(instanceIdFromWix(textOf(body, 'instanceId') ?? ''), numberOf(body, 'atMs') ?? 0);
  }

  #changedHere(instanceId: WixInstanceId, atMs: number): void {
    this.#changes.remember(instanceId, atMs);
    this.#cache.forget(instanceId);
    this.#throttle.forget(instanceId);
  }
}

const isOneOf = (plans: readonly string[], plan: string | undefined): boolean =>
  plan !== undefined && plans.includes(plan);

const has = (plans: readonly string[], plan: SitePlan | undefined): boolean => isOneOf(plans, plan?.name);

const toJson = ({ name }: SitePlan): unknown => ({ name: name ?? null });

function fromJson(json: unknown): SitePlan | undefined {
  if (!isJsonObject(json)) return undefined;
  const { name } = json;
  return typeof name === 'string' || name === null ? { name: name ?? undefined } : undefined;
}

const refusalOf = ({ appId, instanceId }: AnyWixIdentity, plans: readonly string[]): WixPlanRequiredError =>
  new WixPlanRequiredError(
    `The site needs one of these plans of the app: ${plans.join(', ')}.`,
    plans,
    upgradePage(appId, instanceId),
  );

// https://dev.wix.com/docs/build-apps/launch-your-app/pricing-and-billing
const upgradePage = (appId: string, instanceId: WixInstanceId): string =>
  `https://www.wix.com/apps/upgrade/${appId}?appInstanceId=${instanceId}`;
