import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';

import { WixMisconfiguredError } from '../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../core/wix-identity.js';
import type { AccessPolicy } from './access-policy.js';
import { graphqlContextOf, httpRequestOf } from './http-request.js';

// A symbol on the request costs nothing, where a WeakMap by request costs a microsecond.
const IDENTITY = Symbol('nestjs-wix-auth:identity');
const APPLIED = Symbol('nestjs-wix-auth:applied');

/** Who was admitted; `null` is somebody nameless, on a public route. */
export type Admitted = AnyWixIdentity | null;

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

/** The object that stays the same from the guards of a call to its parameters: the request, or a message. */
function carrierOf(host: ArgumentsHost): Carrier {
  const first: unknown = host.getArgByIndex(0);
  if (host.getType() === 'http' && isExtensible(first)) return first;
  const carrier: object | undefined = httpRequestOf(host) ?? messageOf(host).find(isExtensible);
  if (carrier !== undefined) return carrier;
  throw new WixMisconfiguredError(
    `This ${host.getType<string>()} context has no object to note the identity on: send messages as objects.`,
  );
}

// Of a WebSocket message its data rather than the client, which outlives it; of other messages their context.
function messageOf(host: ArgumentsHost): readonly unknown[] {
  if (host.getType<string>() === 'graphql') return [graphqlContextOf(host)];
  return [host.getArgByIndex(1), host.getArgByIndex(0)];
}

const isExtensible = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.isExtensible(value);
