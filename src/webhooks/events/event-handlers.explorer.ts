import { ContextIdFactory, MetadataScanner, ModuleRef, type ModulesContainer } from '@nestjs/core';

import type { WixEventContext } from './event-handler.js';
import { eventsHandledBy, type HandledEvent } from './on-wix-event.decorator.js';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;
type Wrapper = ReturnType<NestModule['getProviderByKey']>;

/** A method marked with {@link OnWixEvent}. */
export interface FoundHandler {
  /** Class and method: the same after a restart, since the ledger knows the handler by it. */
  readonly name: string;
  readonly events: readonly HandledEvent[];
  /** Calls it with an event in the form it takes. */
  call(event: object, context: WixEventContext): Promise<void>;
}

/** Finds the methods marked with {@link OnWixEvent} in modules, once each, in an order that stays the same. */
export function findEventHandlers(modules: readonly NestModule[]): readonly FoundHandler[] {
  const seen = new Set<unknown>();
  const found = modules.flatMap((module) =>
    [...module.providers.values(), ...module.controllers.values()]
      .filter((wrapper) => isFirst(seen, wrapper))
      .flatMap((wrapper) => handlersOf(module, wrapper)),
  );
  return withNamesOfTheirOwn(found);
}

/** The modules that see what `owner` exports: all of them if it is global, else those that import it. */
export function modulesSeeing(owner: NestModule, all: readonly NestModule[]): readonly NestModule[] {
  return owner.isGlobal ? all : all.filter((module) => sees(module, owner));
}

/** The module one of whose providers is this very object. */
export const moduleOf = (provider: object, all: readonly NestModule[]): NestModule | undefined =>
  all.find((module) => [...module.providers.values()].some((wrapper) => wrapper.instance === provider));

function sees(module: NestModule, owner: NestModule): boolean {
  if (module === owner) return true;
  return [...module.imports].some(
    (imported) => imported === owner || (imported.exports.has(owner.metatype) && sees(imported, owner)),
  );
}

// An alias (`useExisting`) shows the same object again.
function isFirst(seen: Set<unknown>, wrapper: Wrapper): boolean {
  if (wrapper.isNotMetatype || !isPerEvent(wrapper)) {
    const instance: unknown = wrapper.instance;
    if (instance === undefined || seen.has(instance)) return false;
    seen.add(instance);
  }
  return true;
}

const isPerEvent = (wrapper: Wrapper): boolean => wrapper.isTransient || !wrapper.isDependencyTreeStatic();

function handlersOf(module: NestModule, wrapper: Wrapper): readonly FoundHandler[] {
  const prototype = prototypeOf(wrapper);
  if (prototype === undefined) return [];
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((method) => {
    const events = eventsHandledBy(Reflect.get(prototype, method));
    if (events.length === 0) return [];
    return [{ name: `${prototype.constructor.name}.${method}`, events, call: callerOf(module, wrapper, method) }];
  });
}

function prototypeOf(wrapper: Wrapper): object | undefined {
  if (isPerEvent(wrapper)) return wrapper.inject ? undefined : (wrapper.metatype?.prototype as object | undefined);
  const instance: unknown = wrapper.instance;
  return typeof instance === 'object' && instance !== null
    ? (Reflect.getPrototypeOf(instance) ?? undefined)
    : undefined;
}

function callerOf(module: NestModule, wrapper: Wrapper, method: string): FoundHandler['call'] {
  return async (event, context) => {
    const provider: unknown = isPerEvent(wrapper) ? await madeFor(event, module, wrapper) : wrapper.instance;
    await call(provider, method, [event, context]);
  };
}

// Such a provider can inject the event as REQUEST.
function madeFor(event: object, module: NestModule, wrapper: Wrapper): Promise<unknown> {
  const moduleRef = module.getProviderByKey<ModuleRef>(ModuleRef).instance;
  const contextId = ContextIdFactory.create();
  moduleRef.registerRequestByContextId(event, contextId);
  return moduleRef.resolve(wrapper.token, contextId);
}

async function call(provider: unknown, method: string, args: Parameters<FoundHandler['call']>): Promise<void> {
  const handler: unknown = Reflect.get(Object(provider), method);
  if (typeof handler === 'function') await Reflect.apply(handler, provider, args);
}

// Two handlers with one name would share their entries in the ledger.
function withNamesOfTheirOwn(handlers: readonly FoundHandler[]): readonly FoundHandler[] {
  const counts = new Map<string, number>();
  return handlers.map((handler) => {
    const count = (counts.get(handler.name) ?? 0) + 1;
    counts.set(handler.name, count);
    return count === 1 ? handler : { ...handler, name: `${handler.name}#${String(count)}` };
  });
}
