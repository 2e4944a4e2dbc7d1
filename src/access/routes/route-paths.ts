import { RequestMethod, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';

import { methodOn, modulePathOf, pathsOn, versionOn } from '../../nest/nest-metadata.js';
import type { DiscoveredHandler } from './handler-discovery.js';

/** The HTTP method and address of one route. */
export interface RouteAddress {
  readonly method: string;
  readonly path: string;
}

/** The addresses Nest serves a handler at, global prefix and versions in the path included; none for what is no route. */
export function addressesOf(
  found: DiscoveredHandler,
  config: ApplicationConfig,
  applicationId: string,
): RouteAddress[] {
  const method = methodOn(found.handler);
  if (found.kind !== 'route' || method === undefined) return [];
  const modulePath = modulePathOf(found.module.metatype, applicationId);
  return combined(pathsOn(found.host), pathsOn(found.handler))
    .map((path) => joined(modulePath, path))
    .flatMap((path) => versionsOf(found, config).map((version) => ({ version, path })))
    .map(({ version, path }) => ({ method, path: joined(prefixOf(path, method, config), version, path) }));
}

const combined = (outer: readonly string[] = [''], inner: readonly string[] = ['']): string[] =>
  outer.flatMap((start) => inner.map((end) => joined(start, end)));

const joined = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;

function versionsOf(found: DiscoveredHandler, config: ApplicationConfig): string[] {
  const versioning = config.getVersioning();
  if (versioning?.type !== VersioningType.URI) return [''];
  const prefix = versioning.prefix === false ? '' : (versioning.prefix ?? 'v');
  const versions: readonly unknown[] = [
    versionOn(found.handler) ?? versionOn(found.host) ?? versioning.defaultVersion ?? VERSION_NEUTRAL,
  ].flat();
  return versions.map((version) => (typeof version === 'string' ? `${prefix}${version}` : ''));
}

function prefixOf(path: string, method: string, config: ApplicationConfig): string {
  const excluded = config.getGlobalPrefixOptions().exclude ?? [];
  const isExcluded = excluded.some(
    (route) =>
      route.pathRegex.test(path) &&
      (route.requestMethod === RequestMethod.ALL || RequestMethod[route.requestMethod] === method),
  );
  return isExcluded ? '' : config.getGlobalPrefix();
}
