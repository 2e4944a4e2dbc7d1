import { RequestMethod, VERSION_NEUTRAL, VersioningType, type Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  METHOD_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner, type ApplicationConfig, type ModulesContainer } from '@nestjs/core';

/** A route whose body is signed: the HTTP method, or `undefined` for all, and what its paths look like. */
export interface SignedRoute {
  readonly method: string | undefined;
  readonly path: RegExp;
}

/** A route as it is declared; whether and how prefixes come in front is known only when the application runs. */
export interface DeclaredRoute {
  readonly method: string | undefined;
  readonly path: string;
  /** The versions it has, `undefined` for whatever version stands in the path. */
  readonly versions: readonly unknown[] | undefined;
}

/** The routes that stand behind one of these guards, by `@UseGuards` on their class or method. */
export function routesBehind(guards: readonly Type[], modules: ModulesContainer): readonly DeclaredRoute[] {
  return [...modules.values()].flatMap((module) => {
    const prefix = modulePath(module.metatype, modules.applicationId);
    return [...module.controllers.values()].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? routesOf(metatype as Type, guards, prefix) : [],
    );
  });
}

function routesOf(controller: Type, guards: readonly Type[], modulePrefix: string): readonly DeclaredRoute[] {
  const prototype = controller.prototype as object;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = Reflect.get(prototype, name) as object;
    if (!Reflect.hasMetadata(PATH_METADATA, handler) || !isBehind(guards, [controller, handler])) return [];
    return pathsOn(controller).flatMap((base) =>
      pathsOn(handler).map((path) => ({
        method: methodOn(handler),
        path: [modulePrefix, base, path].join('/'),
        versions: versionsOn(handler) ?? versionsOn(controller) ?? [],
      })),
    );
  });
}

const isBehind = (guards: readonly Type[], targets: readonly object[]): boolean =>
  targets
    .flatMap((target) => listOf(Reflect.getMetadata(GUARDS_METADATA, target)))
    .some((guard) => isOneOf(guards, guard));

const isOneOf = (guards: readonly Type[], guard: unknown): boolean =>
  guards.some((type) => guard === type || guard instanceof type);

const pathsOn = (target: object): readonly string[] =>
  listOf(Reflect.getMetadata(PATH_METADATA, target)).filter((path) => typeof path === 'string');

function methodOn(handler: object): string | undefined {
  const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
  return method === RequestMethod.ALL ? undefined : RequestMethod[method];
}

function versionsOn(target: object): readonly unknown[] | undefined {
  const version: unknown = Reflect.getMetadata(VERSION_METADATA, target);
  return version === undefined ? undefined : listOf(version);
}

function modulePath(module: Type, applicationId: string): string {
  const path: unknown =
    Reflect.getMetadata(MODULE_PATH + applicationId, module) ?? Reflect.getMetadata(MODULE_PATH, module);
  return typeof path === 'string' ? path : '';
}

/** The route as it looks from outside, with the application's global prefix and versions. */
export function servedAs({ method, path, versions }: DeclaredRoute, config: ApplicationConfig): SignedRoute {
  const { exclude = [] } = config.getGlobalPrefixOptions();
  const prefix = patternOf(config.getGlobalPrefix());
  const optional = exclude.length > 0 ? '?' : '';
  const front = prefix === '' ? '' : `(?:${prefix})${optional}`;
  return { method, path: new RegExp(`^${front}${versionPattern(versions, config)}${patternOf(path)}/?$`, 'i') };
}

function versionPattern(versions: readonly unknown[] | undefined, config: ApplicationConfig): string {
  const versioning = config.getVersioning();
  if (versioning?.type !== VersioningType.URI) return '';
  const mark = versioning.prefix === false ? '' : (versioning.prefix ?? 'v');
  if (versions === undefined) return `(?:/${literal(mark)}[^/]+)?`;
  const those = versions.length > 0 ? versions : listOf(versioning.defaultVersion ?? VERSION_NEUTRAL);
  const patterns = those.map((version) => (typeof version === 'string' ? `/${literal(mark + version)}` : ''));
  return `(?:${patterns.join('|')})`;
}

/** A path of Nest as a regular expression: `:name` stands for a segment, `*name` for the rest. */
const patternOf = (path: string): string =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => `/${segmentPattern(segment)}`)
    .join('');

function segmentPattern(segment: string): string {
  if (segment.includes('*')) return '.*';
  return segment.includes(':') ? '[^/]+' : literal(segment);
}

const literal = (text: string): string => text.replace(/[^\w-]/g, '\\$&');
const listOf = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());
