import { AUTHORITY } from '../../core/marks.js';

/**
 * Whose permissions a route is about: whatever the caller has (`'auth'`), the app's own (`'instance'`), or those a
 * Wix user and the app share (`'user'`).
 */
export type WixAuthority = 'auth' | DeclaredAuthority;

/** An authority that a guard or a shorthand declares. {@link WixAuthGuard} declares none: it applies what is declared. */
export type DeclaredAuthority = 'instance' | 'user';

const authorities: readonly unknown[] = ['auth', 'instance', 'user'] satisfies WixAuthority[];

/** The authority of one of our guards or of a subclass, given as class or as instance; of any other guard none. */
export function authorityOf(guard: unknown): WixAuthority | undefined {
  const guardClass: unknown = typeof guard === 'object' && guard !== null ? guard.constructor : guard;
  if (typeof guardClass !== 'function') return undefined;
  const stated: unknown = Reflect.get(guardClass, AUTHORITY);
  return isAuthority(stated) ? stated : undefined;
}

const isAuthority = (value: unknown): value is WixAuthority => authorities.includes(value);
