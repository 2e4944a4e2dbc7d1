import { hasOwnGuard, type ExploredHandler } from '../access/routes/explored-handler.js';
import { graphqlFieldOf, guardsOn, messagePatternsOn } from '../nest/nest-metadata.js';
import type { RouteAddresses } from '../nest/route-addresses.js';
import { WixServicePluginGuard } from '../signed-requests/service-plugins/wix-service-plugin.guard.js';
import { eventsHandledBy } from '../webhooks/events/on-wix-event.decorator.js';
import type { WixRoute, WixRouteAccess } from './wix-route.js';

/** The part of a route that says what calls its handler. */
export type HandlerAddress = Pick<WixRoute, 'kind' | 'name' | 'handler' | 'method' | 'path'>;

/** Everything that calls a handler; empty for methods that nothing known here calls and that have no guard of ours. */
export function addressesOf(
  found: ExploredHandler,
  addresses: RouteAddresses,
  access: WixRouteAccess,
): readonly HandlerAddress[] {
  const handler = `${found.host.name}.${found.name}`;
  const events = eventsHandledBy(found.handler).map(({ type }) => ({
    kind: 'event' as const,
    name: `event ${type}`,
    handler,
  }));
  const others =
    found.kind === 'route' ? [...routesOf(found, addresses), ...messagesOf(found)] : fieldsAndMessagesOf(found, access);
  return [...others.map((address) => ({ ...address, handler })), ...events];
}

function routesOf(found: ExploredHandler, addresses: RouteAddresses): readonly Omit<HandlerAddress, 'handler'>[] {
  const kind = isServicePlugin(found) ? 'service-plugin' : 'http';
  return addresses
    .of({ module: found.module.metatype, controller: found.host, handler: found.handler })
    .map(({ method, path }) => ({ kind, name: `${method} ${path}`, method, path }));
}

const isServicePlugin = ({ host, handler }: ExploredHandler): boolean =>
  [host, handler]
    .flatMap(guardsOn)
    .some((guard) => guard === WixServicePluginGuard || guard instanceof WixServicePluginGuard);

function fieldsAndMessagesOf(
  found: ExploredHandler,
  access: WixRouteAccess,
): readonly Omit<HandlerAddress, 'handler'>[] {
  const field = graphqlFieldOf(found.host, found.handler, found.name);
  if (field !== undefined) return [{ kind: 'graphql', name: `graphql ${field}` }];
  const messages = messagesOf(found);
  if (messages.length > 0) return messages;
  const isOurs = access !== 'unguarded' && hasOwnGuard(found);
  return isOurs ? [{ kind: 'other', name: `${found.host.name}.${found.name}` }] : [];
}

const messagesOf = ({ handler }: ExploredHandler): readonly Omit<HandlerAddress, 'handler'>[] =>
  messagePatternsOn(handler).map((pattern) => ({ kind: 'message', name: `message ${pattern}` }));
