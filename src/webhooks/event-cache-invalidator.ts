import { BoundedCache } from '../core/bounded-cache.js';
import { isJsonObject } from '../core/values/json.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { WixGrantsService } from '../grants/wix-grants.service.js';
import type { WixPlansService } from '../grants/plans/wix-plans.service.js';
import type { WixIdentityService } from '../identity/wix-identity.service.js';
import type { WixTokenService } from '../tokens/wix-token.service.js';
import type { EventHandler } from './events/event-handler.js';
import type { WixDomainEvent } from './events/wix-event.js';

type Change = 'installed' | 'removed' | 'plan-changed' | 'grants-changed';

/** Drops what is cached about an installation when an event says that it is out of date. */
export class EventCacheInvalidator {
  readonly #tokens: WixTokenService;
  readonly #identities: WixIdentityService;
  readonly #grants: WixGrantsService;
  readonly #plans: WixPlansService;
  readonly #installedAtMs = new BoundedCache<WixInstanceId, number>();

  constructor(
    tokens: WixTokenService,
    identities: WixIdentityService,
    grants: WixGrantsService,
    plans: WixPlansService,
  ) {
    this.#tokens = tokens;
    this.#identities = identities;
    this.#grants = grants;
    this.#plans = plans;
  }

  /** The handler that drops it, to run before all others; `undefined` for events that change nothing. */
  handlerOf(event: WixDomainEvent): EventHandler | undefined {
    return changeIn(event) === undefined
      ? undefined
      : { name: 'WixAuthModule.dropCaches', types: [event.type], run: () => this.notice(event) };
  }

  /** Whether an event tells that the site has removed the app. */
  isRemoval(event: WixDomainEvent): boolean {
    return changeIn(event) === 'removed';
  }

  /** Drops it, if the event says so. The same event twice does no harm. */
  async notice(event: WixDomainEvent): Promise<void> {
    switch (changeIn(event)) {
      case 'installed':
        return this.#installed(event);
      case 'removed':
        return this.#removed(event);
      case 'plan-changed':
        return this.#planChanged(event);
      case 'grants-changed':
        return this.#grants.forget(event.instanceId);
      case undefined:
    }
  }

  // Refusals from before the install would otherwise outlive it.
  async #installed(event: WixDomainEvent): Promise<void> {
    const { instanceId } = event;
    this.#installedAtMs.set(instanceId, Math.max(happenedAtMs(event), this.#lastInstallMs(instanceId)));
    await Promise.all([this.#plans.changed(instanceId, lastMomentOf(event)), this.#forget(instanceId)]);
  }

  // First: the plan of an identity that is verified again in between must not be trusted.
  async #planChanged(event: WixDomainEvent): Promise<void> {
    const { instanceId } = event;
    const changed = this.#plans.changed(instanceId, lastMomentOf(event));
    await Promise.all([changed, this.#identities.forget(instanceId), this.#grants.forget(instanceId)]);
  }

  // Wix does not guarantee order: this may be the removal before the current installation.
  async #removed(event: WixDomainEvent): Promise<void> {
    const { instanceId } = event;
    if (happenedAtMs(event) < this.#lastInstallMs(instanceId)) return;
    const removedAtMs = lastMomentOf(event);
    await Promise.all([
      this.#identities.refuseSignedBefore(instanceId, removedAtMs),
      this.#plans.changed(instanceId, removedAtMs),
      this.#forget(instanceId),
    ]);
  }

  #lastInstallMs(instanceId: WixInstanceId): number {
    return this.#installedAtMs.get(instanceId) ?? 0;
  }

  async #forget(instanceId: WixInstanceId): Promise<void> {
    await Promise.all([
      this.#grants.forget(instanceId),
      this.#identities.forget(instanceId),
      this.#tokens.forget(instanceId),
    ]);
  }
}

const happenedAtMs = (event: WixDomainEvent): number => (event.eventTime ?? event.issuedAt).getTime();

// Wix signs with dates of whole seconds, rounded down; what happened was somewhere within.
const lastMomentOf = ({ eventTime, issuedAt }: WixDomainEvent): number =>
  eventTime?.getTime() ?? issuedAt.getTime() + 1_000;

const PLAN_EVENT = /^(PaidPlan|Plan)[A-Z]|^InvoiceStatusUpdated$/;
// No package of Wix declares such events any more: it is `grants.ttlMs` that bounds how long lost permissions count.
const PERMISSION_EVENT = /\.app_permissions?_[a-z]+$/;
const INSTALLATION_EVENT = 'wix.app.installations.v1.app_installation_';

function changeIn(event: WixDomainEvent): Change | undefined {
  if (event.type === 'AppInstalled') return 'installed';
  if (event.type === 'AppRemoved') return 'removed';
  if (event.type.startsWith(INSTALLATION_EVENT)) return installationChange(event);
  if (PLAN_EVENT.test(event.type)) return 'plan-changed';
  return PERMISSION_EVENT.test(event.type) ? 'grants-changed' : undefined;
}

// `created` is sent for the first installation only. A removal and every later installation are updates.
function installationChange({ slug, type, entity }: WixDomainEvent): Change | undefined {
  switch (slug ?? type.slice(INSTALLATION_EVENT.length)) {
    case 'created':
      return 'installed';
    case 'deleted':
      return 'removed';
    case 'updated':
      return changeByStatus(isJsonObject(entity) ? entity['status'] : undefined);
    default:
      return undefined;
  }
}

function changeByStatus(status: unknown): Change {
  if (status === 'UNINSTALLED') return 'removed';
  return status === 'INSTALLED' ? 'installed' : 'plan-changed';
}
