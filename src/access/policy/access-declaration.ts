import 'reflect-metadata';

import { noteDecorated } from '../../nest/decorated-methods.js';
import { ACCESS, COPY, PUBLIC_ROUTE, READS, thisCopy } from '../../core/marks.js';
import type { WixIdentityType } from '../../core/identities/wix-identity.js';
import type { WixScope } from '../../grants/scopes/wix-scope.js';

/** What the decorators on one class or one method declare. */
export interface AccessDeclaration {
  /** Scope lists of which everything is required. */
  readonly all: readonly (readonly WixScope[])[];
  /** Scope lists of which one each is required. */
  readonly any: readonly (readonly WixScope[])[];
  /** Scope lists of which a lack is reported and refuses no call. */
  readonly reported: readonly (readonly WixScope[])[];
  /** Lists of plans of which the site must have one. */
  readonly plans: readonly (readonly string[])[];
  /** Lists of identity types; more than one is a contradiction. */
  readonly identities: readonly (readonly WixIdentityType[])[];
  readonly isPublic: boolean;
  readonly acceptsInstanceQuery: boolean;
  /** How parameters read the identity. */
  readonly reads: readonly ('required' | 'optional')[];
}

/** The declaration where there is no decorator of ours. */
export const nothingDeclared: AccessDeclaration = Object.freeze({
  all: [],
  any: [],
  reported: [],
  plans: [],
  identities: [],
  isPublic: false,
  acceptsInstanceQuery: false,
  reads: [],
});

/** The declaration of this class alone, without its base classes. */
export function classDeclarationOn(target: object): AccessDeclaration {
  const found = (Reflect.getOwnMetadata(ACCESS, target) as AccessDeclaration | undefined) ?? nothingDeclared;
  return Reflect.hasOwnMetadata(PUBLIC_ROUTE, target) ? { ...found, isPublic: true } : found;
}

/** What stands on a method. Read as Nest reads: a function that wraps another may have it as its prototype. */
export function methodDeclarationOn(method: object): AccessDeclaration {
  const found = (Reflect.getMetadata(ACCESS, method) as AccessDeclaration | undefined) ?? nothingDeclared;
  return Reflect.hasMetadata(PUBLIC_ROUTE, method) ? { ...found, isPublic: true } : found;
}

/**
 * A decorator for classes and methods that adds to what stands on them: lists grow, the rest is replaced. Decorators run
 * from the bottom up, so what is added stands first, as it is read.
 */
export function declare(added: Partial<AccessDeclaration>): ClassDecorator & MethodDecorator {
  return (target: object, name?: string | symbol, descriptor?: { readonly value?: unknown }): void => {
    const method = descriptor?.value;
    if (typeof method !== 'function' || name === undefined) {
      leaveOn(target, merged(classDeclarationOn(target), added));
      return;
    }
    leaveOn(method, merged(methodDeclarationOn(method), added));
    noteDecorated(target, name, method);
  };
}

function leaveOn(target: object, declaration: AccessDeclaration): void {
  Reflect.defineMetadata(ACCESS, declaration, target);
  Reflect.defineMetadata(COPY, thisCopy, target);
}

const merged = (known: AccessDeclaration, added: Partial<AccessDeclaration>): AccessDeclaration => ({
  ...known,
  ...added,
  all: [...(added.all ?? []), ...known.all],
  any: [...(added.any ?? []), ...known.any],
  reported: [...(added.reported ?? []), ...known.reported],
  plans: [...(added.plans ?? []), ...known.plans],
  identities: [...(added.identities ?? []), ...known.identities],
});

/** Notes how a parameter reads the identity: by class and name, as Nest does, since the function may be replaced. */
export function noteRead(target: object, name: string | symbol, reads: 'required' | 'optional'): void {
  const type = target.constructor;
  const known = (Reflect.getOwnMetadata(READS, type, name) as AccessDeclaration['reads'] | undefined) ?? [];
  Reflect.defineMetadata(READS, [reads, ...known], type, name);
}

/** How the parameters of a method read the identity. */
export const readsOn = (type: object, name: string | symbol): AccessDeclaration['reads'] =>
  (Reflect.getMetadata(READS, type, name) as AccessDeclaration['reads'] | undefined) ?? [];
