import type { CanActivate, OnModuleInit } from '@nestjs/common';
import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import type { AuthEvents } from '../../core/auth-events.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import { doubtAbout } from '../../grants/scopes/scope-catalogue.js';
import type { ScopeRequirement } from '../../grants/scopes/scope-requirement.js';
import type { AccessPolicies } from '../policy/access-policies.js';
import {
  discoverHandlers,
  discoverLostMethods,
  providesGlobalGuard,
  type DiscoveredHandler,
} from './handler-discovery.js';
import { guardsBefore, mayTakeMessages, problemsOfHandler, type ExploredHandler } from './explored-handler.js';
import { RouteAddresses, type RouteAddress } from '../../nest/route-addresses.js';
import { routeRecords, routeSummary } from './route-table.js';
import { GlobalWixAuthGuard } from '../guards/global-wix-auth.guard.js';
import type { WixAccess } from '../guards/wix-access.service.js';
import { WixGuard } from '../guards/wix.guard.js';

/** What the explorer works with. */
export interface ExplorerParts {
  readonly modules: ModulesContainer;
  readonly config: ApplicationConfig;
  readonly policies: AccessPolicies;
  readonly access: WixAccess;
  readonly events: AuthEvents;
}

/** How the explorer behaves. */
export interface ExplorerSettings {
  /** Whether the module registers a global guard, which a test may have replaced. */
  readonly globalGuard: boolean;
  /**
   * What is logged of the routes.
   *
   * @default 'table'
   */
  readonly routes?: 'table' | 'summary' | 'none';
}

/**
 * Reads at start-up what every handler declares about access: fails naming all contradictions at once, and otherwise
 * logs the routes this registration guards.
 */
export class WixRouteExplorer implements OnModuleInit {
  readonly #parts: ExplorerParts;
  readonly #addresses: RouteAddresses;
  readonly #globalGuard: boolean;
  readonly #logged: 'table' | 'summary' | 'none';

  /**
   * Looks at once at what takes messages: hybrid applications start to do so before `onModuleInit`, and may do without.
   *
   * @throws {@link WixMisconfiguredError} naming every handler of messages that no guard of ours would protect.
   */
  constructor(parts: ExplorerParts, settings: ExplorerSettings) {
    this.#parts = parts;
    this.#addresses = new RouteAddresses(parts.modules, parts.config);
    this.#globalGuard = settings.globalGuard || providesGlobalGuard(parts.modules);
    this.#logged = settings.routes ?? 'table';
    refuseLost(discoverLostMethods(parts.modules));
    const knownBefore = this.#discovered().filter((found) => found.kind !== 'route' || mayTakeMessages(found));
    this.#refuse(this.#resolved(knownBefore).flatMap((handler) => this.#problemsKnownBefore(handler)));
  }

  /** @throws {@link WixMisconfiguredError} naming every handler whose declarations cannot be followed. */
  onModuleInit(): void {
    const handlers = this.#resolved(this.#discovered());
    this.#refuse(handlers.flatMap((handler) => this.#problemsOf(handler)));
    const ours = handlers.filter((handler) => this.#isOurs(handler));
    ours.forEach((handler) => {
      this.#prepare(handler);
    });
    this.#logRoutes(ours);
    this.#warnOfScopes(ours);
  }

  #discovered(): DiscoveredHandler[] {
    return discoverHandlers(this.#parts.modules);
  }

  #resolved(handlers: readonly DiscoveredHandler[]): ExploredHandler[] {
    return handlers.map((found) => ({
      ...found,
      ...this.#parts.policies.resolve(found.host, found.handler, 'auth'),
    }));
  }

  // Guards and prefixes that an application sets after it is made are not known yet: what depends on them waits.
  #problemsKnownBefore(handler: ExploredHandler): string[] {
    return mayTakeMessages(handler) ? this.#problemsOf(handler) : this.#named(handler, handler.problems);
  }

  #problemsOf(handler: ExploredHandler): string[] {
    return this.#named(handler, problemsOfHandler(handler, this.#hasGlobalGuard()));
  }

  #named(handler: ExploredHandler, problems: readonly string[]): string[] {
    return problems.map((problem) => `- ${this.#nameOf(handler)}: ${problem}`);
  }

  // A class in several modules, and several registrations, come to the same problems.
  #refuse(problems: readonly string[]): void {
    if (problems.length === 0) return;
    throw new WixMisconfiguredError(
      `These handlers declare wrongly who may call them:\n${[...new Set(problems)].join('\n')}`,
    );
  }

  #hasGlobalGuard(): boolean {
    return this.#globalGuard || this.#parts.policies.globalLevel.isGuarded;
  }

  #isOurs(handler: ExploredHandler): boolean {
    const { injectables } = handler.module;
    const own = guardsBefore(handler).map((guard) =>
      typeof guard === 'function' ? injectables.get(guard)?.instance : guard,
    );
    const global = this.#parts.config.getGlobalGuards().map((guard) => deciding(guard));
    return [...own, ...global].some((guard) => guard instanceof WixGuard && guard.asks(this.#parts.access));
  }

  #prepare({ host, handler, levels }: ExploredHandler): void {
    for (const authority of ['auth', ...levels.flatMap((level) => level.authorities)] as const) {
      this.#parts.policies.of(host, handler, authority);
    }
  }

  #logRoutes(handlers: readonly ExploredHandler[]): void {
    const rows = handlers.flatMap((handler) =>
      this.#addressesOf(handler).map((address) => ({ ...address, policy: handler.policy })),
    );
    if (rows.length === 0 || this.#logged === 'none') return;
    const records = this.#logged === 'summary' ? [[routeSummary(rows)]] : routeRecords(rows);
    for (const [title = '', ...lines] of records) this.#parts.events.emit('startUpTable', { title, rows: lines });
  }

  #warnOfScopes(handlers: readonly ExploredHandler[]): void {
    const warnings = handlers.flatMap((handler) =>
      scopesIn(handler.policy.requirement)
        .map(doubtAbout)
        .filter((doubt) => doubt !== undefined)
        .map((doubt) => `${this.#nameOf(handler)}: ${doubt}`),
    );
    new Set(warnings).forEach((message) => {
      this.#parts.events.emit('startUpWarning', { message });
    });
  }

  #nameOf(handler: ExploredHandler): string {
    const [address] = mayTakeMessages(handler) ? [] : this.#addressesOf(handler);
    const name = `${handler.host.name}.${handler.name}`;
    return address === undefined ? name : `${name} (${address.method} ${address.path})`;
  }

  #addressesOf({ kind, module, host, handler }: ExploredHandler): readonly RouteAddress[] {
    return kind === 'route' ? this.#addresses.of({ module: module.metatype, controller: host, handler }) : [];
  }
}

function refuseLost(methods: readonly string[]): void {
  if (methods.length === 0) return;
  throw new WixMisconfiguredError(
    `Decorators of WixAuthModule stand on these methods, and another decorator above them put a function in their place ` +
      `that lost what they declare: ${[...new Set(methods)].join(', ')}. Put ours above the one that wraps, or let that ` +
      'one copy the metadata of what it wraps.',
  );
}

const deciding = (guard: CanActivate): CanActivate => (guard instanceof GlobalWixAuthGuard ? guard.guard : guard);

const scopesIn = ({ all, any }: ScopeRequirement): readonly string[] => [...all, ...any.flat()];
