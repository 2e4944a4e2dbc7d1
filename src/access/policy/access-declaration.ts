import 'reflect-metadata';

import { ACCESS, COPY, PUBLIC_ROUTE, thisCopy } from '../../core/marks.js';
import type { WixIdentityType } from '../../core/wix-identity.js';
import type { WixScope } from '../../grants/wix-scope.js';

/** What the decorators on one class or one method say, before anything is made of it. */
export interface AccessDeclaration {
  /** Scope lists of which everything is required. */
  readonly all: readonly (readonly WixScope[])[];
  /** Scope lists of which one each is required. */
  readonly any: readonly (readonly WixScope[])[];
  /** Lists of identity types; more than one is a contradiction. */
  readonly identities: readonly (readonly WixIdentityType[])[];
  readonly isPublic: boolean;
  readonly acceptsInstanceQuery: boolean;
  /** How parameters read the identity. */
  readonly reads: readonly ('required' | 'optional')[];
}

/** What stands where no decorator of ours does. */
export const nothingDeclared: AccessDeclaration = Object.freeze({
  all: [],
  any: [],
  identities: [],
  isPublic: false,
  acceptsInstanceQuery: false,
  reads: [],
});

/** What stands on this very class or method, whatever its base classes say. */
export function declarationOn(target: object): AccessDeclaration {
  const found = (Reflect.getOwnMetadata(ACCESS, target) as AccessDeclaration | undefined) ?? nothingDeclared;
  return Reflect.hasOwnMetadata(PUBLIC_ROUTE, target) ? { ...found, isPublic: true } : found;
}

/**
 * Adds to what stands on a class or method: lists grow, the rest is replaced. Decorators run from the bottom up, so
 * what is added stands first, as it is read.
 */
export function declareOn(target: object, added: Partial<AccessDeclaration>): void {
  const known = declarationOn(target);
  const merged: AccessDeclaration = {
    ...known,
    ...added,
    all: [...(added.all ?? []), ...known.all],
    any: [...(added.any ?? []), ...known.any],
    identities: [...(added.identities ?? []), ...known.identities],
    reads: [...(added.reads ?? []), ...known.reads],
  };
  Reflect.defineMetadata(ACCESS, merged, target);
  Reflect.defineMetadata(COPY, thisCopy, target);
}

/** A decorator for classes and methods that adds to what stands on them. */
export function declare(added: Partial<AccessDeclaration>): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: { readonly value?: unknown }): void => {
    const method = descriptor?.value;
    declareOn(typeof method === 'function' ? method : target, added);
  };
}
