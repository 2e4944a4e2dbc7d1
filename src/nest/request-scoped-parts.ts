import type { InjectionToken, Provider } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

import { classNameOf, nameOfToken, pathToRequestScope, type ProviderWrapper } from './dependency-tree.js';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/** The parts of a registration: their tokens, and their names in messages. */
export class RegisteredParts {
  readonly names: ReadonlyMap<InjectionToken, string>;

  /** @param others - parts in other modules of the registration. */
  constructor(providers: readonly Provider[], others: readonly (readonly [InjectionToken, string])[]) {
    const tokens = providers.map((provider) => (typeof provider === 'function' ? provider : provider.provide));
    this.names = new Map([...tokens.map((token) => [token, nameOfToken(token)] as const), ...others]);
  }
}

/**
 * The parts of a registration that Nest would create for every request: one line each, with the name of the part that
 * the application provided and the request-scoped provider it depends on.
 *
 * @param module - the module of the registration. Its providers that are not parts may have any scope.
 */
export function requestScopedParts(module: NestModule, { names: parts }: RegisteredParts): readonly string[] {
  const paths = [...module.providers.values()]
    .filter(({ token }) => parts.has(token))
    .map((provider) => pathToRequestScope(provider))
    .filter((path) => path !== undefined);
  return [...new Set(paths.map((path) => lineAbout(path, parts)))];
}

// The last of our tokens on the path is what the application provided: everything after it belongs to the application.
function lineAbout(path: readonly ProviderWrapper[], parts: ReadonlyMap<InjectionToken, string>): string {
  const start = path.findLastIndex(({ token }) => parts.has(token));
  const [part, ...behind] = path.slice(start).map((provider) => nameOf(provider, parts.get(provider.token)));
  const scoped = behind.at(-1);
  return scoped === undefined
    ? `${String(part)} is request-scoped.`
    : `${String(part)} depends on ${scoped}, which is request-scoped${byWayOf(behind.slice(0, -1))}.`;
}

function nameOf(provider: ProviderWrapper, known: string | undefined): string {
  const name = known ?? nameOfToken(provider.token);
  const className = classNameOf(provider) ?? name;
  return className === name ? name : `${name} (${className})`;
}

const byWayOf = (names: readonly string[]): string => (names.length === 0 ? '' : `, by way of ${names.join(' and ')}`);
