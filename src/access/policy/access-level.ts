import type { Type } from '@nestjs/common';

import { classDeclarationOn, methodDeclarationOn, readsOn, type AccessDeclaration } from './access-declaration.js';
import { authorityOf, type DeclaredAuthority, type WixAuthority } from './authority.js';
import { guardsOn, lineageOf, methodNameOf, ownGuardsOn, type Handler } from '../../nest/nest-metadata.js';

/** What one level declares about access: a method, its class, a base class, or the whole app. */
export interface AccessLevel extends AccessDeclaration {
  /** How messages name the level. */
  readonly name: string;
  readonly kind: 'method' | 'class' | 'app';
  /** The authorities that our guards declare there, each once. */
  readonly authorities: readonly DeclaredAuthority[];
  /** Whether a guard of ours stands there, one that declares no authority included. */
  readonly isGuarded: boolean;
}

/** The levels that speak about a handler, nearest first: the method, the class, its base classes. */
export const levelsOf = (host: Type, handler: Handler): AccessLevel[] => [
  methodLevel(host, handler),
  ...lineageOf(host).map(classLevel),
];

/** Whether a level says who may call: by an authority, identities, scopes or plans. */
export const isDemanding = (level: AccessLevel): boolean =>
  level.authorities.length > 0 || level.identities.length > 0 || requiresMore(level);

/** Whether a level requires more of callers than to be of some kind: scopes, or a plan. */
export const requiresMore = ({ all, any, plans }: AccessLevel): boolean =>
  all.length > 0 || any.length > 0 || plans.length > 0;

/** What guards of ours declare, as far as they are. */
export function guardsAmong(guards: readonly unknown[]): Pick<AccessLevel, 'authorities' | 'isGuarded'> {
  const ours = guards.map(authorityOf).filter((authority) => authority !== undefined);
  return { authorities: [...new Set(ours.filter(isDeclared))], isGuarded: ours.length > 0 };
}

function methodLevel(host: Type, handler: Handler): AccessLevel {
  const name = methodNameOf(host, handler);
  return {
    ...methodDeclarationOn(handler),
    ...guardsAmong(guardsOn(handler)),
    reads: name === undefined ? [] : readsOn(host, name),
    kind: 'method',
    name: 'the method',
  };
}

const classLevel = (type: Type): AccessLevel => ({
  ...classDeclarationOn(type),
  ...guardsAmong(ownGuardsOn(type)),
  kind: 'class',
  name: `class ${type.name}`,
});

const isDeclared = (authority: WixAuthority): authority is DeclaredAuthority => authority !== 'auth';
