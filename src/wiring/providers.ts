import type { Abstract, Provider, Type } from '@nestjs/common';

/** What a provider is injected by: a class, or an abstract class that stands for one. */
export type ProviderToken<Value> = Type<Value> | Abstract<Value>;

type Tokens<Parts extends readonly unknown[]> = { readonly [Index in keyof Parts]: ProviderToken<Parts[Index]> };

/**
 * A provider created from others: the compiler checks that tokens and arguments match.
 *
 * @param provide - the token; a text only for tokens of Nest's own.
 */
export const factoryProvider = <Value, Parts extends readonly unknown[]>(
  provide: ProviderToken<Value> | string,
  inject: Tokens<Parts>,
  useFactory: (...parts: Parts) => Value,
): Provider => ({ provide, inject: [...inject], useFactory });

/** A provider that Nest creates itself: a class without parameters, or with decorated ones. */
export const classProvider = <Value>(provide: ProviderToken<Value> | string, useClass: Type<Value>): Provider => ({
  provide,
  useClass,
});

/** Another name for a provider. */
export const aliasProvider = <Value>(provide: ProviderToken<Value>, useExisting: ProviderToken<Value>): Provider => ({
  provide,
  useExisting,
});
