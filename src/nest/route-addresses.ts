import { RequestMethod, VERSION_NEUTRAL, VersioningType, type Type } from '@nestjs/common';
import { MetadataScanner, type ApplicationConfig, type ModulesContainer } from '@nestjs/core';

import { methodOn, modulePathOf, pathsOn, versionOn, type Handler } from './nest-metadata.js';

/** The HTTP method and address of one route. */
export interface RouteAddress {
  /** Such as `GET`, or `ALL`. */
  readonly method: string;
  /** As it is registered with the HTTP platform, parameters included. */
  readonly path: string;
}

/** A method of a controller, in the module whose path `RouterModule` may have set. */
export interface DeclaredRoute {
  readonly module: Type;
  readonly controller: Type;
  readonly name: string;
  readonly handler: Handler;
}

/** A route with its address. */
export interface ServedRoute extends DeclaredRoute, RouteAddress {}

type AppModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/**
 * The addresses at which Nest serves the routes of an application. Combines the global prefix and its exclusions,
 * versions in the path and `RouterModule` as Nest's own router does.
 *
 * Addresses are complete from `onModuleInit` on: `RouterModule`, `setGlobalPrefix()` and `enableVersioning()` have
 * taken effect by then, and may not have before. Nothing is cached here.
 */
export class RouteAddresses {
  readonly #modules: ModulesContainer;
  readonly #config: ApplicationConfig;

  constructor(modules: ModulesContainer, config: ApplicationConfig) {
    this.#modules = modules;
    this.#config = config;
  }

  /** Every route of every controller with its address, in the order Nest registers them. */
  all(): readonly ServedRoute[] {
    return this.declared().flatMap((route) => this.of(route).map((address) => ({ ...route, ...address })));
  }

  /** Every route of every controller; known before addresses are complete. */
  declared(): readonly DeclaredRoute[] {
    return [...this.#modules.values()].flatMap((module) =>
      [...module.controllers.values()].flatMap(({ metatype }) =>
        typeof metatype === 'function' ? routesOf(module, metatype as Type) : [],
      ),
    );
  }

  /** The addresses of one handler; empty when it is not a route. */
  of({ module, controller, handler }: Omit<DeclaredRoute, 'name'>): readonly RouteAddress[] {
    const method = methodOn(handler);
    if (method === undefined) return [];
    const modulePath = this.#modulePath(module);
    return (pathsOn(controller) ?? ['']).flatMap((base) =>
      (pathsOn(handler) ?? ['']).flatMap((path) =>
        this.#versionsOf(controller, handler).map((version) => ({
          method,
          path: this.#served(method, version, [modulePath, leading(base), leading(path)]),
        })),
      ),
    );
  }

  /** The address of a version-neutral `GET` route at `path` in the module that provides `provider`. */
  mountedBeside(provider: object, path: string): string {
    const module = [...this.#modules.values()].find((candidate) => provides(candidate, provider));
    const modulePath = module === undefined ? '' : this.#modulePath(module.metatype);
    return this.#served('GET', '', [modulePath, leading(path)]);
  }

  #modulePath(module: Type): string {
    return modulePathOf(module, this.#modules.applicationId);
  }

  #versionsOf(controller: Type, handler: Handler): readonly string[] {
    const versioning = this.#config.getVersioning();
    if (versioning?.type !== VersioningType.URI) return [''];
    const mark = versioning.prefix === false ? '' : (versioning.prefix ?? 'v');
    const versions: readonly unknown[] = [
      versionOn(handler) ?? versionOn(controller) ?? versioning.defaultVersion ?? VERSION_NEUTRAL,
    ].flat();
    return versions.map((version) => (typeof version === 'string' ? `/${mark}${version}` : ''));
  }

  #served(method: string, version: string, fragments: readonly string[]): string {
    const path = fragments.filter((fragment) => fragment !== '').reduce(concatenated, '');
    const prefix = this.#isExcluded(path, method) ? '' : withoutEndSlash(leading(this.#config.getGlobalPrefix()));
    const served = leading(`${prefix}${version}${path}`);
    return served.length > 1 ? withoutEndSlash(served) : '/';
  }

  // Nest compares the path before it drops the last slash: an exclusion may match because of it.
  #isExcluded(path: string, method: string): boolean {
    const { exclude = [] } = this.#config.getGlobalPrefixOptions();
    return exclude.some(
      ({ pathRegex, requestMethod }) =>
        (requestMethod === RequestMethod.ALL || RequestMethod[requestMethod] === method) &&
        pathRegex.test(leading(path)),
    );
  }
}

function routesOf({ metatype: module }: AppModule, controller: Type): readonly DeclaredRoute[] {
  const prototype = controller.prototype as object;
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => ({ module, controller, name, handler: Reflect.get(prototype, name) as Handler }))
    .filter(({ handler }) => pathsOn(handler) !== undefined);
}

const provides = (module: AppModule, provider: object): boolean =>
  [...module.providers.values()].some((wrapper) => wrapper.instance === provider);

const concatenated = (start: string, end: string): string => withoutEndSlash(start) + leading(end);

// A path may begin with an optional part that contains the slash: `{/:language}/products`.
const leading = (path: string): string => (path.startsWith('/') || path.startsWith('{/') ? path : `/${path}`);

const withoutEndSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);
