import 'reflect-metadata';

import { DECORATED, DECORATED_METHODS } from '../core/marks.js';

interface DecoratedMethod {
  readonly name: string | symbol;
  /** Stands on the function as well, and on every function that has its metadata. */
  readonly token: symbol;
}

/**
 * Notes that a decorator of ours left something on a method, both on the function and on its class. Another decorator
 * may put a function in its place that has nothing of it; {@link lostMethods} tells.
 */
export function noteDecorated(prototype: object, name: string | symbol, method: unknown): void {
  if (typeof method !== 'function') return;
  const token = Symbol(String(name));
  Reflect.defineMetadata(DECORATED, [...tokensOn(method), token], method);
  Reflect.defineMetadata(
    DECORATED_METHODS,
    [...notedOn(prototype.constructor), { name, token }],
    prototype.constructor,
  );
}

/** The methods of this very class on which something of ours was left that is not there any more. */
export function lostMethods(type: { readonly prototype: object }): readonly string[] {
  const lost = notedOn(type).filter(({ name, token }) => !tokensOn(ownMethod(type.prototype, name)).includes(token));
  return [...new Set(lost.map(({ name }) => String(name)))];
}

// Read as Nest reads, along the prototypes of the function: a wrapper may have the original as its prototype.
const tokensOn = (method: unknown): readonly symbol[] =>
  typeof method === 'function' ? ((Reflect.getMetadata(DECORATED, method) as symbol[] | undefined) ?? []) : [];

const notedOn = (type: object): readonly DecoratedMethod[] =>
  (Reflect.getOwnMetadata(DECORATED_METHODS, type) as DecoratedMethod[] | undefined) ?? [];

const ownMethod = (prototype: object, name: string | symbol): unknown =>
  Object.getOwnPropertyDescriptor(prototype, name)?.value;
