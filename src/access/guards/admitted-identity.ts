import { IncomingMessage } from 'node:http';

import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';

import { APPLIED, IDENTITY } from '../../core/marks.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../../core/wix-identity.js';
import type { AccessPolicy } from '../policy/access-policy.js';
import { graphqlContextOf, httpRequestOf, type HttpRequest } from '../credentials/http-request.js';

/** Who was admitted; `null` is somebody nameless, on a public route. */
export type Admitted = AnyWixIdentity | null;

// A symbol costs next to nothing, where a WeakMap by request costs a microsecond.
interface Carrier {
  [IDENTITY]?: Admitted;
}

interface Evaluation {
  [APPLIED]?: AccessPolicy;
}

/** Notes who was admitted, for the handler's parameters. */
export function noteIdentity(context: ExecutionContext, identity: Admitted): void {
  carrierOf(context)[IDENTITY] = identity;
}

/** The same, and under which policy, for further guards. */
export function admit(context: ExecutionContext, identity: Admitted, policy: AccessPolicy): void {
  noteIdentity(context, identity);
  // Nest hands one context to all guards of one call, and a new one to the next call.
  (context as Evaluation)[APPLIED] = policy;
}

/** Whether this call was admitted under that policy already, so that a further guard has nothing left to do. */
export const isAdmitted = (context: ExecutionContext, policy: AccessPolicy): boolean =>
  (context as Evaluation)[APPLIED] === policy;

/** Who was admitted; `undefined` when no guard of ours decided. */
export const admittedTo = (host: ArgumentsHost): Admitted | undefined => carrierOf(host)[IDENTITY];

/** An object that stays the same from the guards of a call to its parameters. */
function carrierOf(host: ArgumentsHost): Carrier {
  const request = httpRequestOf(host);
  const carrier = request === undefined ? messageOf(host).find(isExtensible) : carrierWith(request);
  if (carrier !== undefined) return carrier;
  throw new WixMisconfiguredError(
    `This ${host.getType<string>()} context has no object to note the identity on: send messages as objects.`,
  );
}

// Express gives every request a hidden class of its own, to which one property more costs microseconds. The array of
// raw headers, which Node makes for each request, takes it for nothing.
const carrierWith = (request: HttpRequest): object =>
  request instanceof IncomingMessage ? request.rawHeaders : request;

// Of a WebSocket message its data rather than the client, which outlives it; of other messages their context. An HTTP
// request comes here when it has no headers.
function messageOf(host: ArgumentsHost): readonly unknown[] {
  const type = host.getType<string>();
  if (type === 'http') return [host.getArgByIndex(0)];
  if (type === 'graphql') return [graphqlContextOf(host)];
  return [host.getArgByIndex(1), host.getArgByIndex(0)];
}

const isExtensible = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.isExtensible(value);
