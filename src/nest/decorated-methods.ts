import 'reflect-metadata';

import { DECORATED, DECORATED_METHODS } from '../core/marks.js';

interface DecoratedMethod {
  readonly name: string | symbol;
  /** Also in the metadata of the function, and of every function that takes this metadata over. */
  readonly token: symbol;
}

/**
 * Records that one of our decorators was applied to a method, both on the function and on its class. Another decorator
 * may replace the function with one that lacks our metadata: {@link lostMethods} finds such methods.
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

/** The methods declared in this class itself that had metadata of our decorators and no longer have it. */
export function lostMethods(type: { readonly prototype: object }): readonly string[] {
  const lost = notedOn(type).filter(({ name, token }) => !tokensOn(ownMethod(type.prototype, name)).includes(token));
  return [...new Set(lost.map(({ name }) => String(name)))];
}

// Inherited metadata counts, as in Nest: a wrapper may have the original function as its prototype.
const tokensOn = (method: unknown): readonly symbol[] =>
  typeof method === 'function' ? ((Reflect.getMetadata(DECORATED, method) as symbol[] | undefined) ?? []) : [];

const notedOn = (type: object): readonly DecoratedMethod[] =>
  (Reflect.getOwnMetadata(DECORATED_METHODS, type) as DecoratedMethod[] | undefined) ?? [];

const ownMethod = (prototype: object, name: string | symbol): unknown =>
  Object.getOwnPropertyDescriptor(prototype, name)?.value;
