import { AuthEvents } from '../core/auth-events.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, textOf } from '../core/values/json.js';
import { WixScopeMissingError, type WixScopeHolder } from '../core/wix-auth.errors.js';
import type { KnownInstances, WixInstanceSource } from '../core/identities/known-instances.js';
import { idIn, type TrustedInstance } from '../core/identities/trusted-instance.js';
import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import { instanceIdFromWix, type WixInstanceId } from '../core/identities/wix-instance-id.js';
import { Traces } from '../diagnostics/traces.js';
import type { SharedInvalidations } from '../store/shared-invalidations.js';
import type { SharedValues } from '../store/shared-values.js';
import type { Sharing } from '../store/sharing.js';
import type { WixInstances } from './instances/wix-instances.js';
import { RegrantThrottle } from './regrant-throttle.js';
import { TtlCache, type TtlCacheSettings } from './ttl-cache.js';
import { isScopeId, provingPermissionsOf } from './scopes/scope-catalogue.js';
import {
  requiresNothing,
  scopesNamedBy,
  type ScopeAuthority,
  type ScopeRequirement,
} from './scopes/scope-requirement.js';
import type { UserGrants, VisitorGrants, WixHeldScopes } from './users/user-grants.js';
import { heldByBoth, intersectionOf, isSatisfied, lackingOf, mappedGrantsOf, type WixGrants } from './wix-grants.js';
import type { WixScope } from './scopes/wix-scope.js';

/** The sources of the grants service. */
export interface GrantsSources {
  readonly instances: WixInstances;
  readonly users: UserGrants;
  readonly visitors: VisitorGrants;
  readonly known: KnownInstances;
}

interface CallerGrants {
  /** `undefined`: whatever the app holds. */
  readonly grants: WixGrants | undefined;
  readonly hint: string | undefined;
}

interface Lack {
  readonly scopes: readonly WixScope[];
  readonly lackedBy: readonly WixScopeHolder[];
  readonly hint: string | undefined;
}

const FORGOTTEN = 'grants forgotten';
// A token of the app first, and contributors come in pages.
const REQUESTS = 3;

/** What the app holds on a site, and what a caller holds there: the intersection of the two for users. */
export class WixGrantsService {
  readonly #sources: GrantsSources;
  readonly #invalidations: SharedInvalidations;
  readonly #shared: SharedValues;
  readonly #clock: WixClock;
  readonly #callers: TtlCache<CallerGrants>;
  readonly #keys = new WeakMap<AnyWixIdentity, string>();
  readonly #regrantThrottle: RegrantThrottle;

  constructor(
    sources: GrantsSources,
    sharing: Sharing,
    clock: WixClock,
    settings: TtlCacheSettings,
    { grants: channel } = new Traces(),
    events = new AuthEvents(),
  ) {
    const { instances } = sources;
    this.#sources = sources;
    this.#invalidations = sharing.invalidations;
    this.#shared = sharing.values('caller grants', REQUESTS);
    this.#clock = clock;
    this.#callers = new TtlCache(
      clock,
      {
        ...settings,
        hasRoomToSpare: () => instances.hasRoomToSpare,
        onStale: () => events.emit('staleServed', { what: 'grants' }),
      },
      { values: this.#shared, ...callerGrantsAsJson },
      { channel, kind: 'caller' },
    );
    this.#regrantThrottle = new RegrantThrottle(sharing.store);
    this.#invalidations.on(FORGOTTEN, (body, when) => {
      if (when === 'now') this.#forgetHere(instanceIdFromWix(textOf(body, 'instanceId') ?? ''));
    });
  }

  /**
   * What a site granted the app (Get App Instance). Cached for `grants.ttlMs`.
   *
   * @param source what proves which site: an identity, an event or an installation that this registration made, or a
   * stored id with {@link trustedInstanceId}.
   * @throws {@link WixInstanceNotTrustedError} for anything else.
   * @throws {@link WixUnavailableError} when Wix cannot be asked, {@link WixInstanceUnknownError} when the app is not
   * installed there.
   */
  async appGrants(source: WixInstanceSource): Promise<WixGrants> {
    return this.#sources.instances.grantsOf(this.#sources.known.idOf(source));
  }

  /**
   * What a caller may do on their site: the app itself what it was granted, everyone else what both the app and they
   * hold ({@link UserGrants}, {@link VisitorGrants}).
   *
   * @throws the same errors as {@link appGrants}.
   */
  async grantsOf(identity: AnyWixIdentity): Promise<WixGrants> {
    const app = await this.appGrants(identity);
    const caller = await this.#callers.get(this.#keyOf(identity), identity.instanceId, () =>
      this.#loadCaller(identity),
    );
    return caller.grants === undefined ? app : intersectionOf(app, caller.grants);
  }

  /**
   * Forgets what is known of an installation, so that the next request goes to Wix: here at once, and in all processes
   * that share the cache when the promise is fulfilled.
   */
  async forget(instance: WixInstanceId | TrustedInstance): Promise<void> {
    const instanceId = idIn(instance);
    this.#forgetHere(instanceId);
    await Promise.all([this.#sources.instances.forget(instanceId), this.#shared.forget(instanceId)]);
    // Requests that began meanwhile may have found in the store what was not marked there yet.
    this.#forgetHere(instanceId);
    await this.#invalidations.publish(FORGOTTEN, { instanceId });
  }

  /** Whether cached grants satisfy a requirement. `false` means: call {@link require}. */
  cachedSatisfy(identity: AnyWixIdentity, requirement: ScopeRequirement, authority: ScopeAuthority): boolean {
    if (requiresNothing(requirement)) return true;
    const app = this.#sources.instances.cached(identity.instanceId)?.grants;
    if (app === undefined || !isSatisfied(requirement, app)) return false;
    if (authority === 'app') return true;
    const caller = this.#callers.cached(this.#keyOf(identity));
    if (caller === undefined) return false;
    return caller.grants === undefined || isSatisfied(requirement, { holds: heldByBoth(app, caller.grants) });
  }

  /**
   * Checks a requirement. Before it refuses, it asks Wix once more (at most every 30 seconds per
   * installation), because the site may just have granted what is missing.
   *
   * @throws {@link WixScopeMissingError} naming the missing scopes and who lacks them.
   * @throws {@link WixUnavailableError} when that cannot be found out.
   */
  async require(identity: AnyWixIdentity, requirement: ScopeRequirement, authority: ScopeAuthority): Promise<void> {
    if (requiresNothing(requirement)) return;
    const startedMs = this.#clock.nowMs();
    const known = await this.#lack(identity, requirement, authority);
    if (known === undefined) return;

    const sinceMs = await this.#regrantThrottle.sinceMs(identity.instanceId, startedMs);
    const lack = await this.#lack(identity, requirement, authority, sinceMs);
    if (lack !== undefined) throw scopeMissing(requirement, lack);
  }

  #forgetHere(instanceId: WixInstanceId): void {
    this.#sources.instances.forgetHere(instanceId);
    this.#callers.forget(instanceId);
    this.#regrantThrottle.forget(instanceId);
  }

  async #lack(
    identity: AnyWixIdentity,
    requirement: ScopeRequirement,
    authority: ScopeAuthority,
    sinceMs?: number,
  ): Promise<Lack | undefined> {
    const { instanceId } = identity;
    const app = await this.#sources.instances.grantsOf(instanceId, sinceMs);
    const scopes = lackingOf(requirement, app);
    if (scopes.length > 0) return { scopes, lackedBy: ['app'], hint: permissionIdHint(scopes, app) };
    if (authority === 'app') return undefined;

    const load = (): Promise<CallerGrants> => this.#loadCaller(identity);
    const caller = await this.#callers.get(this.#keyOf(identity), instanceId, load, { sinceMs });
    return lackOf(identity, requirement, app, caller);
  }

  // Identities live as long as they are cached: making the name each time would cost more than the look-ups it is for.
  #keyOf(identity: AnyWixIdentity): string {
    const known = this.#keys.get(identity);
    if (known !== undefined) return known;
    const key = keyOf(identity);
    this.#keys.set(identity, key);
    return key;
  }

  async #loadCaller(identity: AnyWixIdentity): Promise<CallerGrants> {
    const { scopes, hint } = await this.#heldScopesOf(identity);
    return { grants: scopes === '*' ? undefined : mappedGrantsOf(scopes), hint };
  }

  #heldScopesOf(identity: AnyWixIdentity): Promise<WixHeldScopes> | WixHeldScopes {
    if (identity.type === 'app') return { scopes: '*' };
    return identity.type === 'user' ? this.#sources.users.of(identity) : this.#sources.visitors.of(identity);
  }
}

const callerGrantsAsJson = {
  toJson: ({ grants, hint }: CallerGrants): unknown => ({ scopes: grants === undefined ? '*' : [...grants.ids], hint }),
  fromJson: (json: unknown): CallerGrants | undefined => {
    if (!isJsonObject(json)) return undefined;
    const { scopes } = json;
    const hint = textOf(json, 'hint');
    if (scopes === '*') return { grants: undefined, hint };
    return areTexts(scopes) ? { grants: mappedGrantsOf(scopes), hint } : undefined;
  },
};

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');

// Owner or not is part of the key: one credential of the same user may tell it and another may not.
function keyOf(identity: AnyWixIdentity): string {
  const { instanceId, type } = identity;
  if (type === 'user') return `${instanceId}/user/${identity.userId}/${String(identity.isSiteOwner)}`;
  if (type === 'member') return `${instanceId}/member/${identity.memberId}`;
  return `${instanceId}/${type}/${type === 'visitor' ? (identity.visitorId ?? '') : ''}`;
}

function lackOf(
  identity: AnyWixIdentity,
  requirement: ScopeRequirement,
  app: WixGrants,
  { grants, hint }: CallerGrants,
): Lack | undefined {
  if (grants === undefined) return undefined;
  const scopes = lackingOf(requirement, intersectionOf(app, grants));
  if (scopes.length === 0) return undefined;
  // Where each alone would do and both together do not, neither can be blamed.
  const callerLacks = lackingOf(requirement, grants).length > 0;
  return callerLacks
    ? { scopes, lackedBy: [identity.type], hint }
    : { scopes, lackedBy: ['app', identity.type], hint: undefined };
}

// Wix lists scope ids, permission ids, or both, and who sees the first kind missing would look for it in vain.
function permissionIdHint(scopes: readonly WixScope[], app: WixGrants): string | undefined {
  const listsPermissions = [...app.ids].some((id) => !isScopeId(id));
  const isProvable = scopes.every((scope) => !isScopeId(scope) || provingPermissionsOf(scope).length > 0);
  if (!listsPermissions || isProvable) return undefined;
  return (
    'Wix listed permission ids for this site, and those prove only scopes that read. Require the permission id itself ' +
    'instead (such as WIX_STORES.MODIFY_PRODUCTS). If the site did not grant it, add it to the app, release a major ' +
    'version, and let the site update.'
  );
}

function scopeMissing(requirement: ScopeRequirement, { scopes, lackedBy, hint }: Lack): WixScopeMissingError {
  const reason =
    hint ??
    (lackedBy.includes('app')
      ? 'The site did not grant it to the app: add it to the app, release a major version, and let the site update.'
      : 'The caller does not hold it on this site.');
  return new WixScopeMissingError(
    `Missing ${scopes.join(', ')}, lacked by the ${lackedBy.join(' and the ')}. ${reason}`,
    {
      requiredScopes: scopesNamedBy(requirement),
      missingScopes: scopes,
      lackedBy,
    },
  );
}
