import { guardsOn, takesMessages } from '../../nest/nest-metadata.js';
import { requiresMore, type AccessLevel } from '../policy/access-level.js';
import type { ResolvedAccess } from '../policy/access-policies.js';
import { authorityOf } from '../policy/authority.js';
import type { DiscoveredHandler } from './handler-discovery.js';

/** A handler with the result of its declarations. */
export type ExploredHandler = DiscoveredHandler & ResolvedAccess;

/** Every guard on a handler and its class, ours and others. */
export const guardsBefore = ({ host, handler }: Pick<DiscoveredHandler, 'host' | 'handler'>): readonly unknown[] => [
  ...guardsOn(host),
  ...guardsOn(handler),
];

/** Whether a guard of ours stands on a handler or its class. */
export const hasOwnGuard = (handler: Pick<DiscoveredHandler, 'host' | 'handler'>): boolean =>
  guardsBefore(handler).some((guard) => authorityOf(guard) !== undefined);

/** Whether messages reach a handler. A route may take them as well, where both decorators stand on it. */
export const mayTakeMessages = ({ kind, handler }: Pick<DiscoveredHandler, 'kind' | 'handler'>): boolean =>
  kind === 'message' || (kind === 'route' && takesMessages(handler));

/**
 * What is wrong with a handler: its declarations, and what they say where no guard of ours would enforce it.
 *
 * @param hasGlobalGuard - whether one of ours stands before every route.
 */
export const problemsOfHandler = (handler: ExploredHandler, hasGlobalGuard: boolean): readonly string[] => [
  ...handler.problems,
  ...problemsWithGuards(handler, hasGlobalGuard),
];

function problemsWithGuards(handler: ExploredHandler, hasGlobalGuard: boolean): readonly string[] {
  if (hasOwnGuard(handler)) return [];
  if (handler.levels.some(expectsGuard) && (mayTakeMessages(handler) || !hasGlobalGuard)) {
    return [unguardedProblem(handler)];
  }
  return hasGlobalGuard && isOpenToMessages(handler) ? [unreachedProblem] : [];
}

const isOpenToMessages = (handler: ExploredHandler): boolean =>
  mayTakeMessages(handler) && takesMessages(handler.handler) && !handler.policy.isPublic;

const expectsGuard = (level: AccessLevel): boolean =>
  requiresMore(level) ||
  level.reported.length > 0 ||
  level.identities.length > 0 ||
  level.acceptsInstanceQuery ||
  level.reads.length > 0;

function unguardedProblem(handler: ExploredHandler): string {
  const says = handler.levels.some((level) => level.reads.length > 0) ? 'reads @WixIdentity' : 'declares who may call';
  return (
    `it ${says}, and no guard of WixAuthModule stands before it: ` +
    (mayTakeMessages(handler)
      ? 'add one with @UseGuards (a global one does not reach every message handler).'
      : 'add @UseGuards(WixAuthGuard), @WixInstanceAuth() or @WixUserAuth(), or set globalGuard.')
  );
}

const unreachedProblem =
  'it takes messages, which a global guard does not reach in every release of Nest nor in hybrid applications without ' +
  'inheritAppConfig: add @UseGuards(WixAuthGuard) or another guard of WixAuthModule to it or its class, or open it with ' +
  '@WixPublic().';
