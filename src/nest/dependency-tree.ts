import { Scope, type InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/** Nest's record of a provider. */
export type ProviderWrapper = ReturnType<NestModule['getProviderByKey']>;

/**
 * The way from a provider to a dependency of which Nest makes one per request, both included: just the provider when it
 * is one itself, `undefined` when there is none.
 *
 * Compares scopes, and does not ask `isDependencyTreeStatic()`: releases up to 12.4 may answer before all dependencies
 * are known, and remember that.
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

// Parameters that were optional and found nothing leave holes.
const dependenciesOf = (provider: ProviderWrapper): readonly ProviderWrapper[] =>
  [
    ...((provider.getCtorMetadata() as readonly (ProviderWrapper | undefined)[] | undefined) ?? []),
    ...((provider.getPropertiesMetadata() as readonly PropertyOf[] | undefined) ?? []).map(({ wrapper }) => wrapper),
  ].filter((dependency) => dependency !== undefined);

type PropertyOf = ReturnType<ProviderWrapper['getPropertiesMetadata']>[number];

/** How messages name what an injection token stands for. */
export function nameOfToken(token: InjectionToken): string {
  if (typeof token === 'function') return token.name;
  return typeof token === 'symbol' ? (token.description ?? 'a symbol') : token;
}

/** How messages name the class that was provided; `undefined` for factories and values. */
export const classNameOf = ({ metatype, inject }: ProviderWrapper): string | undefined =>
  typeof metatype === 'function' && !inject ? metatype.name : undefined;
