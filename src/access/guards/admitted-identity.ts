import { IncomingMessage } from 'node:http';

import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';

import { APPLIED, IDENTITY } from '../../core/marks.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import type { AccessPolicy } from '../policy/access-policy.js';
import { graphqlInfoOf, httpRequestOf, rawRequest, type HttpRequest } from '../credentials/http-request.js';

/** Who was admitted; `null` for a caller without a credential on a public route. */
export type Admitted = AnyWixIdentity | null;

/** What a guard stores for a handler's parameters. */
interface Admission {
  readonly identity: Admitted;
  /** The registration whose guard admitted. */
  readonly by: object;
  readonly host: unknown;
  readonly handler: unknown;
  /** Whether different callers were admitted to the same handler, so the carrier is used for several calls. */
  readonly isAmbiguous: boolean;
  /** Admissions to other handlers, or by other registrations. */
  readonly others: readonly Admission[];
}

// A symbol costs next to nothing, where a WeakMap by request costs a microsecond.
interface Carrier {
  [IDENTITY]?: Admission;
}

/** An admission on the context that all guards of one call are given. */
interface Applied {
  readonly policy: AccessPolicy;
  readonly identity: Admitted;
}

interface Evaluation {
  [APPLIED]?: Applied;
}

const none: readonly Admission[] = Object.freeze([]);

/**
 * Notes for the handler's parameters who was admitted, by which registration and to which handler. Where the context has
 * nothing that belongs to this call alone, nothing is noted, and reading fails.
 */
export function noteIdentity(context: ExecutionContext, identity: Admitted, by: object): void {
  const carrier = carrierOf(context);
  if (carrier === undefined) return;
  const admission = {
    identity,
    by,
    host: context.getClass(),
    handler: context.getHandler(),
    isAmbiguous: false,
    others: none,
  };
  const earlier = carrier[IDENTITY];
  carrier[IDENTITY] = earlier === undefined ? admission : addedTo(earlier, admission);
}

/** The same, and under which policy, for further guards. */
export function admit(context: ExecutionContext, identity: Admitted, policy: AccessPolicy, by: object): void {
  noteIdentity(context, identity, by);
  // Nest hands one context to all guards of one call, and a new one to the next call.
  (context as Evaluation)[APPLIED] = { policy, identity };
}

/** The identity already admitted to this call under that policy, if there is one. */
export function appliedTo(context: ExecutionContext, policy: AccessPolicy): Admitted | undefined {
  const applied = (context as Evaluation)[APPLIED];
  return applied?.policy === policy ? applied.identity : undefined;
}

/**
 * Who was admitted to the handler of this call; `undefined` when no guard of ours decided.
 *
 * @throws {@link WixMisconfiguredError} when that is not certain.
 */
export function admittedTo(context: ExecutionContext): Admitted | undefined {
  const carrier = carrierOf(context);
  if (carrier === undefined) throw new WixMisconfiguredError(missingCarrier(context));
  const latest = carrier[IDENTITY];
  if (latest === undefined) return undefined;
  const [admission, another] = admissionsIn(latest).filter(
    ({ host, handler }) => host === context.getClass() && handler === context.getHandler(),
  );
  if (another !== undefined) throw new WixMisconfiguredError(severalRegistrations(context));
  if (admission?.isAmbiguous === true) throw new WixMisconfiguredError(sharedCarrier(context));
  return admission?.identity;
}

/**
 * Who was admitted to the one handler of an HTTP request; `undefined` when no guard of ours decided.
 *
 * @throws {@link WixMisconfiguredError} when guards of several registrations did.
 */
export function admittedOn(request: object): Admitted | undefined {
  const raw = rawRequest(request);
  const latest = raw === undefined ? undefined : (carrierWith(raw) as Carrier)[IDENTITY];
  if (latest === undefined) return undefined;
  if (latest.others.length > 0 || latest.isAmbiguous) {
    throw new WixMisconfiguredError(
      'Guards of several registrations of WixAuthModule admitted this request, so that who is calling cannot be told from ' +
        'it: guard the route by one of them.',
    );
  }
  return latest.identity;
}

const admissionsIn = (latest: Admission): readonly Admission[] =>
  latest.others.length === 0 ? [latest] : [latest, ...latest.others];

function addedTo(earlier: Admission, admission: Admission): Admission {
  const known = admissionsIn(earlier).map((one): Admission => ({ ...one, others: none }));
  const replaced = known.find((one) => isOfSameCall(one, admission));
  return {
    ...admission,
    isAmbiguous:
      replaced !== undefined && (replaced.isAmbiguous || !isSameCaller(replaced.identity, admission.identity)),
    others: known.filter((one) => one !== replaced),
  };
}

const isOfSameCall = (one: Admission, other: Admission): boolean =>
  one.by === other.by && one.host === other.host && one.handler === other.handler;

// A credential that is verified again makes another object for the same caller.
const isSameCaller = (one: Admitted, other: Admitted): boolean => one === other || nameOf(one) === nameOf(other);

function nameOf(identity: Admitted): string {
  if (identity === null) return '';
  const { type, appId, instanceId } = identity;
  const ids = ['userId', 'memberId', 'visitorId'].map((field): unknown => Reflect.get(identity, field) ?? null);
  return JSON.stringify([type, appId, instanceId, ...ids]);
}

/** An object that stays the same from the guards of a call to its parameters, and belongs to that call alone. */
function carrierOf(host: ArgumentsHost): Carrier | undefined {
  if (host.getType<string>() === 'graphql') return extensible(graphqlInfoOf(host));
  const request = httpRequestOf(host);
  return request === undefined ? carrierOfMessage(host) : carrierWith(request);
}

// In Express every request has a hidden class of its own, so adding a property costs microseconds. The array of
// raw headers, which Node creates for each request, takes one at no cost.
const carrierWith = (request: HttpRequest): object =>
  request instanceof IncomingMessage ? request.rawHeaders : request;

// Of a WebSocket message its data, never the client, which outlives it; of other messages their context. An HTTP request
// comes here when it has no headers.
function carrierOfMessage(host: ArgumentsHost): Carrier | undefined {
  const [first, second] = [host.getArgByIndex<unknown>(0), host.getArgByIndex<unknown>(1)];
  const type = host.getType<string>();
  if (type === 'http') return extensible(first);
  return extensible(second) ?? (type === 'ws' ? undefined : extensible(first));
}

const extensible = (value: unknown): object | undefined =>
  typeof value === 'object' && value !== null && Object.isExtensible(value) ? value : undefined;

const callOf = (context: ExecutionContext): string => `${context.getClass().name}.${context.getHandler().name}`;

const missingCarrier = (context: ExecutionContext): string =>
  `${callOf(context)} reads @WixIdentity(), and this ${context.getType<string>()} context has no object of its own to note ` +
  'the identity on: send messages as objects.';

const severalRegistrations = (context: ExecutionContext): string =>
  `${callOf(context)} reads @WixIdentity(), and guards of several registrations of WixAuthModule admitted the call: ` +
  'guard it by one of them.';

const sharedCarrier = (context: ExecutionContext): string =>
  `${callOf(context)} reads @WixIdentity(), and this ${context.getType<string>()} context hands the same object to several ` +
  'calls, so that whose call this is cannot be told: hand a new one to each.';
