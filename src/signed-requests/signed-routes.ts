import { VERSION_NEUTRAL, VersioningType, type Type } from '@nestjs/common';
import { MetadataScanner, type ApplicationConfig, type ModulesContainer } from '@nestjs/core';

import { guardsOn, methodOn, modulePathOf, pathsOn, versionOn, type Handler } from '../nest/nest-metadata.js';

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
    const prefix = modulePathOf(module.metatype, modules.applicationId);
    return [...module.controllers.values()].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? routesOf(metatype as Type, guards, prefix) : [],
    );
  });
}

function routesOf(controller: Type, guards: readonly Type[], modulePrefix: string): readonly DeclaredRoute[] {
  const prototype = controller.prototype as object;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = Reflect.get(prototype, name) as Handler;
    const paths = pathsOn(handler);
    if (paths === undefined || !isBehind(guards, [controller, handler])) return [];
    const versions = versionsOn(handler) ?? versionsOn(controller) ?? [];
    return (pathsOn(controller) ?? []).flatMap((base) =>
      paths.map((path) => ({ method: methodOf(handler), path: [modulePrefix, base, path].join('/'), versions })),
    );
  });
}

const isBehind = (guards: readonly Type[], targets: readonly object[]): boolean =>
  targets.flatMap(guardsOn).some((guard) => guards.some((type) => guard === type || guard instanceof type));

function methodOf(handler: Handler): string | undefined {
  const method = methodOn(handler);
  return method === 'ALL' ? undefined : method;
}

function versionsOn(target: object): readonly unknown[] | undefined {
  const version = versionOn(target);
  return version === undefined ? undefined : [version].flat();
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
  const those = versions.length > 0 ? versions : [versioning.defaultVersion ?? VERSION_NEUTRAL].flat();
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
