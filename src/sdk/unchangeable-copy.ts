import { AbortedCallError } from '../client/plain-calls.js';
import { ownCopyOf } from '../core/values/own-copy.js';
import { WixAuthError } from '../core/wix-auth.errors.js';

/** What the SDK assigns to an error that it caught, beside what the error has itself. */
const ASSIGNED_BY_SDK = ['code', 'details', 'message', 'requestId', 'runtimeError', 'status'] as const;

/**
 * Runs something on behalf of Wix's SDK. Every method of a `@wix/*` module assigns a message, a code and a status of
 * its own to the error it caught and throws that, so an error of ours is thrown as a copy that does not change when it
 * is assigned to: it comes out of the SDK as it went in. Other errors pass untouched.
 */
export async function throughSdk<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw isOurs(error) ? unchangeableCopyOf(error) : error;
  }
}

const isOurs = (error: unknown): error is Error => error instanceof WixAuthError || error instanceof AbortedCallError;

function unchangeableCopyOf(error: Error): Error {
  const copy = ownCopyOf(error);
  for (const name of new Set([...Object.getOwnPropertyNames(copy), ...ASSIGNED_BY_SDK])) {
    Object.defineProperty(copy, name, ignoringAssignment(copy, name));
  }
  return copy;
}

// Frozen, the copy would make the SDK's assignment a TypeError, which would then come out in place of it.
function ignoringAssignment(error: Error, name: string): PropertyDescriptor {
  const value: unknown = Reflect.get(error, name);
  const enumerable = Object.prototype.propertyIsEnumerable.call(error, name);
  return { get: () => value, set: () => undefined, enumerable, configurable: false };
}
