import type { ExecutionContext } from '@nestjs/common';

import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { admittedOn, admittedTo } from './admitted-identity.js';

/**
 * Who is calling, where there is no parameter for {@link WixIdentity}: in interceptors, in guards after ours, in trackers
 * of throttlers, in loggers. `undefined` when no caller was verified (yet): in middleware, before our guard, on public
 * routes, and where no guard of ours stands.
 *
 * @param source an execution context, of GraphQL too; or the request of Express or Fastify, also Node's own. Of GraphQL,
 * pass the context: a request may resolve several fields for which different guards decide.
 * @throws {@link WixMisconfiguredError} when guards of several registrations admitted the call.
 */
export function wixIdentityOf(source: ExecutionContext | object): AnyWixIdentity | undefined {
  const admitted = isContext(source) ? admittedTo(source) : admittedOn(source);
  return admitted ?? undefined;
}

const isContext = (source: object): source is ExecutionContext =>
  'getHandler' in source && 'getArgByIndex' in source && 'getType' in source;
