import { WixAuthError } from '../wix-auth.errors.js';

/**
 * A copy of an error, for code that throws one error more than once: code that catches it may change it, as
 * Wix's SDK does, and must not change what others get. Errors of other libraries pass untouched.
 */
export const ownCopyOf = <Thrown>(error: Thrown): Thrown => (error instanceof WixAuthError ? copyOf(error) : error);

function copyOf<Kind extends WixAuthError>(error: Kind): Kind {
  const { stack: _, ...properties } = Object.getOwnPropertyDescriptors(error);
  // Made as an error, since an object that only inherits from one prints and serializes as something else.
  const copy = new Error(error.message);
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object);
  Object.defineProperties(copy, properties);
  Object.defineProperty(copy, 'stack', { value: error.stack, writable: true, configurable: true });
  return copy as Kind;
}
