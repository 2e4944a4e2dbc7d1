import type { INestApplicationContext } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { AccessPolicies } from '../access/policy/access-policies.js';
import { mayTakeMessages, problemsOfHandler, type ExploredHandler } from '../access/routes/explored-handler.js';
import { discoverHandlers } from '../access/routes/handler-discovery.js';
import { WixMisconfiguredError } from '../core/wix-auth.errors.js';
import { globalGuardsOf } from '../nest/app-guards.js';
import { RouteAddresses } from '../nest/route-addresses.js';
import { addressesOf } from './handler-addresses.js';
import { Registrations } from './registrations.js';
import { accessOf, eventAccess, type AppAccess, type RouteAccess } from './route-access.js';
import type { WixRoute, WixRouteKind } from './wix-route.js';

/**
 * Every handler of an application and who may call it, resolved as our guards resolve it: HTTP routes with their actual
 * addresses, GraphQL fields, message handlers, service plugins, and handlers of Wix events. HTTP routes without a guard
 * of this module are included.
 *
 * Call it after `setGlobalPrefix()` and `enableVersioning()`, on which addresses depend. The application need not have
 * started, and may be in Nest's preview mode.
 *
 * @throws {@link WixMisconfiguredError} when declarations contradict each other: such an application does not start.
 */
export function wixRoutes(app: Pick<INestApplicationContext, 'get'>): readonly WixRoute[] {
  const modules = app.get(ModulesContainer);
  const config = app.get(ApplicationConfig);
  const policies = new AccessPolicies(globalGuardsOf(config, modules));
  const handlers = discoverHandlers(modules).map((found) => ({
    ...found,
    ...policies.resolve(found.host, found.handler, 'auth'),
  }));
  refuseContradictions(handlers, policies.globalLevel.isGuarded);

  const addresses = new RouteAddresses(modules, config);
  const isGlobal = policies.globalLevel.isGuarded;
  const registrations = new Registrations(modules);
  const rows = handlers.flatMap((handler) => {
    const lookUp = registrations.looksUpRoles(handler.module);
    const access = accessByKind(handler, { isGlobal, lookUp });
    return addressesOf(handler, addresses, access('http').access).map((address): WixRoute =>
      Object.freeze({ ...address, ...access(address.kind), ...registrations.nameFor(handler.module) }),
    );
  });
  return Object.freeze(distinct(rows));
}

// A method may handle both requests and messages, and a global guard runs for requests only.
function accessByKind(handler: ExploredHandler, app: AppAccess): (kind: WixRouteKind) => RouteAccess {
  const access = accessOf(handler, app);
  const ofMessages = mayTakeMessages(handler) ? accessOf({ ...handler, kind: 'message' }, app) : access;
  return (kind) => (kind === 'event' ? eventAccess : kind === 'message' ? ofMessages : access);
}

function refuseContradictions(handlers: readonly ExploredHandler[], isGlobal: boolean): void {
  const problems = handlers.flatMap((handler) =>
    problemsOfHandler(handler, isGlobal).map((problem) => `- ${handler.host.name}.${handler.name}: ${problem}`),
  );
  if (problems.length === 0) return;
  throw new WixMisconfiguredError(
    `These handlers declare wrongly who may call them:\n${[...new Set(problems)].join('\n')}`,
  );
}

// A class that several modules have is found in each.
function distinct(rows: readonly WixRoute[]): readonly WixRoute[] {
  const known = new Map(rows.map((row) => [`${row.registration ?? ''}\n${row.name}\n${row.handler}`, row]));
  return [...known.values()];
}
