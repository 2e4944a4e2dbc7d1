import { WixCredentialsAmbiguousError, WixCredentialsMalformedError } from '../../core/wix-auth.errors.js';
import { bareCredential } from '../../identity/credential.js';

/**
 * The one credential among what was presented in several places; `undefined` when nothing was.
 *
 * @throws {@link WixCredentialsMalformedError} for anything but text.
 * @throws {@link WixCredentialsAmbiguousError} when two of them differ.
 */
export function oneCredential(presented: readonly unknown[]): string | undefined {
  const [first, ...others] = presented.filter(isPresented).map(textOf);
  if (first !== undefined && others.some((other) => bareCredential(other) !== bareCredential(first))) {
    throw severalCredentials();
  }
  return first;
}

// Clients that have none yet send null.
const isPresented = (value: unknown): boolean => value !== undefined && value !== null;

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  // Kafka's clients deliver headers as bytes.
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  throw new WixCredentialsMalformedError('The credential must be text.');
}

/** The error for several credentials: nothing says which one counts. */
export const severalCredentials = (): WixCredentialsAmbiguousError =>
  new WixCredentialsAmbiguousError('The request presents more than one credential. Send one.');
