import type { Type } from '@nestjs/common';

import { declarationOn, type AccessDeclaration } from './access-declaration.js';
import { authorityOf, type WixAuthority } from './authority.js';
import { lineageOf, ownGuardsOn, type Handler } from '../../nest/nest-metadata.js';

/** What one level says about access: a method, its class, a base class, or the whole app. */
export interface AccessLevel extends AccessDeclaration {
  /** How messages name the level. */
  readonly name: string;
  /** The authorities of our guards there, each once. */
  readonly authorities: readonly WixAuthority[];
}

/** The levels that speak about a handler, nearest first: the method, the class, its base classes. */
export const levelsOf = (host: Type, handler: Handler): AccessLevel[] => [
  levelOn(handler, 'the method'),
  ...lineageOf(host).map((type) => levelOn(type, `class ${type.name}`)),
];

/** Whether a level protects what is below it: by a guard of ours, scopes or identities. */
export const isProtective = (level: AccessLevel): boolean =>
  level.authorities.length > 0 || level.all.length > 0 || level.any.length > 0 || level.identities.length > 0;

const levelOn = (target: object, name: string): AccessLevel => ({
  ...declarationOn(target),
  name,
  authorities: authoritiesOf(ownGuardsOn(target)),
});

/** The authorities of those guards that are ours, each once. */
export const authoritiesOf = (guards: readonly unknown[]): WixAuthority[] => [
  ...new Set(guards.map(authorityOf).filter((authority) => authority !== undefined)),
];
