import type { Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';

import { lostMethods } from '../../nest/decorated-methods.js';
import { isDecorated, isGateway, lineageOf, pathsOn, takesMessages, type Handler } from '../../nest/nest-metadata.js';
import { authorityOf } from '../policy/authority.js';

/** One of the application's modules. */
type AppModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/** A method of a controller or provider that Nest may call from outside. */
export interface DiscoveredHandler {
  readonly module: AppModule;
  readonly host: Type;
  readonly handler: Handler;
  readonly name: string;
  /** An HTTP route, a handler of WebSocket or microservice messages, or anything else, such as a GraphQL resolver. */
  readonly kind: 'route' | 'message' | 'other';
}

/** Every decorated method of every controller and provider, inherited ones included. */
export const discoverHandlers = (modules: ModulesContainer): DiscoveredHandler[] =>
  [...modules.values()].flatMap((module) => [
    ...classesIn(module.controllers).flatMap((host) => handlersOf(module, host, kindInController)),
    ...classesIn(module.providers).flatMap((host) => handlersOf(module, host, kindInProvider)),
  ]);

/** Every method on which decorators of ours left something that another decorator has lost, as `Class.method`. */
export const discoverLostMethods = (modules: ModulesContainer): string[] =>
  [...modules.values()]
    .flatMap((module) => [...classesIn(module.controllers), ...classesIn(module.providers)])
    .flatMap(lineageOf)
    .flatMap((type) => lostMethods(type).map((name) => `${type.name}.${name}`));

/**
 * Whether a provider puts a guard of ours before everything (`APP_GUARD`). Nest itself takes note of it only when all
 * providers are made.
 */
export const providesGlobalGuard = (modules: ModulesContainer): boolean =>
  [...modules.values()]
    .flatMap(({ providers }) => [...providers.values()])
    .filter(({ subtype }) => subtype === 'guard')
    .some(({ metatype, inject }) => [metatype, ...(inject ?? [])].some((guard) => authorityOf(guard) !== undefined));

// A decorated method that is neither may be what others make routes of, as @Implement of @orpc/nest does.
function kindInController(_host: Type, handler: Handler): DiscoveredHandler['kind'] {
  if (pathsOn(handler) !== undefined) return 'route';
  return takesMessages(handler) ? 'message' : 'other';
}

const kindInProvider = (host: Type): DiscoveredHandler['kind'] => (isGateway(host) ? 'message' : 'other');

// The classes rather than their instances: those may be proxies, or not there yet.
function classesIn(wrappers: AppModule['controllers'] | AppModule['providers']): Type[] {
  return [...wrappers.values()].map(({ metatype }) => metatype).filter(isClass);
}

const isClass = (value: unknown): value is Type => typeof value === 'function' && typeof value.prototype === 'object';

function handlersOf(
  module: AppModule,
  host: Type,
  kindOf: (host: Type, handler: Handler) => DiscoveredHandler['kind'],
): DiscoveredHandler[] {
  const prototype = host.prototype as Record<string, Handler>;
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => ({ name, handler: prototype[name] }))
    .filter((method): method is { name: string; handler: Handler } => isHandler(method.handler))
    .map(({ name, handler }) => ({ module, host, handler, name, kind: kindOf(host, handler) }));
}

const isHandler = (method: Handler | undefined): boolean => method !== undefined && isDecorated(method);
