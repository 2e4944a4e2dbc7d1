import { AuthEvents } from '../../core/auth-events.js';
import type { WixClock } from '../../core/clock.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { isJsonObject } from '../../core/values/json.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import { Traces } from '../../diagnostics/traces.js';
import type { SharedValues } from '../../store/shared-values.js';
import type { Sharing } from '../../store/sharing.js';
import { TtlCache, type TtlCacheSettings } from '../ttl-cache.js';
import { appGrantsOf, type WixGrants } from '../wix-grants.js';
import type { AppInstanceEndpoint } from './app-instance.endpoint.js';
import type { AppInstance, SitePlan } from './app-instance.js';
import type { WixInstance } from './wix-instance.js';

// A token of the app first; it may have to be replaced.
const REQUESTS = 3;

/**
 * What Wix says of installations, cached: the one cache of Get App Instance, for grants, plans and everything else in the
 * answer. Other processes see the grants and the plan.
 */
export class WixInstances {
  readonly #endpoint: Pick<AppInstanceEndpoint, 'of' | 'hasRoomToSpare'>;
  readonly #clock: WixClock;
  readonly #shared: SharedValues;
  readonly #cache: TtlCache<AppInstance>;

  constructor(
    endpoint: Pick<AppInstanceEndpoint, 'of' | 'hasRoomToSpare'>,
    sharing: Sharing,
    clock: WixClock,
    settings: TtlCacheSettings,
    { grants: channel } = new Traces(),
    events = new AuthEvents(),
  ) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#shared = sharing.values('app instances', REQUESTS);
    this.#cache = new TtlCache(
      clock,
      {
        ...settings,
        hasRoomToSpare: () => endpoint.hasRoomToSpare,
        onStale: () => events.emit('staleServed', { what: 'grants' }),
      },
      { values: this.#shared, toJson, fromJson },
      { channel, kind: 'app' },
    );
  }

  /** Whether there is room for a request in the background. */
  get hasRoomToSpare(): boolean {
    return this.#endpoint.hasRoomToSpare;
  }

  /**
   * Everything Wix says about an installation, from the cache for `grants.ttlMs`.
   *
   * @throws {@link WixInstanceUnknownError} when the app is not installed there.
   * @throws {@link WixUnavailableError} when Wix cannot be asked.
   */
  of(instanceId: WixInstanceId): Promise<WixInstance> {
    return this.#part('instance', instanceId);
  }

  /** The same, requested anew. */
  now(instanceId: WixInstanceId): Promise<WixInstance> {
    this.forgetHere(instanceId);
    return this.#part('instance', instanceId, this.#clock.nowMs());
  }

  /** What the site granted the app. @param sinceMs - since when Wix must have been asked. */
  async grantsOf(instanceId: WixInstanceId, sinceMs?: number): Promise<WixGrants> {
    return (await this.#cache.get(instanceId, instanceId, () => this.#endpoint.of(instanceId), { sinceMs })).grants;
  }

  /** Which plan the site has. @param sinceMs - since when Wix must have been asked. */
  planOf(instanceId: WixInstanceId, sinceMs?: number): Promise<SitePlan> {
    return this.#part('plan', instanceId, sinceMs);
  }

  /** What is cached in this process, if it may be used. */
  cached(instanceId: WixInstanceId): AppInstance | undefined {
    return this.#cache.cached(instanceId);
  }

  /** Forgets what is known of an installation: here at once, and in the shared store when the promise is fulfilled. */
  async forget(instanceId: WixInstanceId): Promise<void> {
    this.forgetHere(instanceId);
    await this.#shared.forget(instanceId);
    // Requests that began meanwhile may have found in the store what was not marked there yet.
    this.forgetHere(instanceId);
  }

  /** Forgets what this process knows of an installation. */
  forgetHere(instanceId: WixInstanceId): void {
    this.#cache.forget(instanceId);
  }

  async #part<Part extends 'plan' | 'instance'>(
    needs: Part,
    instanceId: WixInstanceId,
    sinceMs?: number,
  ): Promise<NonNullable<AppInstance[Part]>> {
    const load = (): Promise<AppInstance> => this.#endpoint.of(instanceId);
    const { [needs]: part } = await this.#cache.get(instanceId, instanceId, load, { sinceMs, needs });
    if (part !== undefined) return part;
    throw new WixUnavailableError('Wix described an installation without naming it.');
  }
}

const toJson = ({ grants, plan }: AppInstance): unknown => ({
  permissions: [...grants.ids],
  plan: plan === undefined ? undefined : { name: plan.name },
});

function fromJson(json: unknown): AppInstance | undefined {
  if (!isJsonObject(json)) return undefined;
  const { permissions, plan } = json;
  if (!Array.isArray(permissions) || !permissions.every((id) => typeof id === 'string')) return undefined;
  return { grants: appGrantsOf(permissions), plan: planFrom(plan), instance: undefined };
}

function planFrom(json: unknown): SitePlan | undefined {
  if (!isJsonObject(json)) return undefined;
  const { name } = json;
  return name === undefined || typeof name === 'string' ? { name } : undefined;
}
