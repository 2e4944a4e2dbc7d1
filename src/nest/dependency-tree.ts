import { Scope, type InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/** Nest's record of a provider. */
export type ProviderWrapper = ReturnType<NestModule['getProviderByKey']>;

/**
 * The path from a provider to a request-scoped dependency, both included: only the provider when it is request-scoped
 * itself, `undefined` when it has no such dependency.
 *
 * Compares scopes instead of calling `isDependencyTreeStatic()`: Nest up to 12.4 may compute its result before all
 * dependencies are known, and caches it.
 */
export function pathToRequestScope(
  provider: ProviderWrapper,
  seen = new Set<ProviderWrapper>(),
): readonly ProviderWrapper[] | undefined {
  if (provider.scope === Scope.REQUEST) return [provider];
  if (seen.has(provider)) return undefined;
  seen.add(provider);
  for (const dependency of dependenciesOf(provider)) {
    const path = pathToRequestScope(dependency, seen);
    if (path !== undefined) return [provider, ...path];
  }
  return undefined;
}

// Optional parameters that were not resolved leave holes.
const dependenciesOf = (provider: ProviderWrapper): readonly ProviderWrapper[] =>
  [
    ...((provider.getCtorMetadata() as readonly (ProviderWrapper | undefined)[] | undefined) ?? []),
    ...((provider.getPropertiesMetadata() as readonly PropertyOf[] | undefined) ?? []).map(({ wrapper }) => wrapper),
  ].filter((dependency) => dependency !== undefined);

type PropertyOf = ReturnType<ProviderWrapper['getPropertiesMetadata']>[number];

/** The name of an injection token in messages. */
export function nameOfToken(token: InjectionToken): string {
  if (typeof token === 'function') return token.name;
  return typeof token === 'symbol' ? (token.description ?? 'a symbol') : token;
}

/** The name of the provided class in messages; `undefined` for factories and values. */
export const classNameOf = ({ metatype, inject }: ProviderWrapper): string | undefined =>
  typeof metatype === 'function' && !inject ? metatype.name : undefined;
