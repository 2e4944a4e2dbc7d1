import type { InjectionToken, Provider } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

import { classNameOf, nameOfToken, pathToRequestScope, type ProviderWrapper } from './dependency-tree.js';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/** The parts a registration is made of: their tokens, and how messages name them. */
export class RegisteredParts {
  readonly names: ReadonlyMap<InjectionToken, string>;

  /** @param others - parts that stand in other modules of the registration. */
  constructor(providers: readonly Provider[], others: readonly (readonly [InjectionToken, string])[]) {
    const tokens = providers.map((provider) => (typeof provider === 'function' ? provider : provider.provide));
    this.names = new Map([...tokens.map((token) => [token, nameOfToken(token)] as const), ...others]);
  }
}

/**
 * What Nest would make anew for every request among the providers of a registration: for each a line that names the
 * part the application provided and the request-scoped provider behind it.
 *
 * @param module - the module of the registration. Providers of it that are no parts may have any scope.
 */
export function requestScopedParts(module: NestModule, { names: parts }: RegisteredParts): readonly string[] {
  const paths = [...module.providers.values()]
    .filter(({ token }) => parts.has(token))
    .map((provider) => pathToRequestScope(provider))
    .filter((path) => path !== undefined);
  return [...new Set(paths.map((path) => lineAbout(path, parts)))];
}

// What the application provided is the last of our tokens on the way: from there on everything is the application's.
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
