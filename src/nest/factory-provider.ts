import type { Abstract, Provider, Type } from '@nestjs/common';

type Token<Value> = Type<Value> | Abstract<Value>;
type Tokens<Parts extends readonly unknown[]> = { readonly [Index in keyof Parts]: Token<Parts[Index]> };

/** A provider made from others: the compiler checks that tokens and arguments agree. */
export const factoryProvider = <Value, Parts extends readonly unknown[]>(
  provide: Token<Value>,
  inject: Tokens<Parts>,
  useFactory: (...parts: Parts) => Value,
): Provider => ({ provide, inject: [...inject], useFactory });
