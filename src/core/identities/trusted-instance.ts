import { WixMisconfiguredError } from '../wix-auth.errors.js';
import { instanceIdFromWix, isGuid, type WixInstanceId } from './wix-instance-id.js';

// JSON has no symbols, so no request can bring one along; and a registered symbol is the same in all copies of the package.
const TRUSTED: unique symbol = Symbol.for('nestjs-wix-auth/trusted-instance@1');

/**
 * An installation that your code vouches for, made by {@link trustedInstanceId}. Opaque: hand it on where something opens
 * a site. Store the {@link WixInstanceId} instead, since JSON loses this.
 */
export interface TrustedInstance {
  /** The id, under a key that no JSON can carry. */
  readonly [TRUSTED]: WixInstanceId;
}

/**
 * Vouches for an instance id that was stored, such as one from your own database.
 * Never call it with something a request brought along: its sender would choose the site you act on.
 *
 * @throws {@link WixMisconfiguredError} when the text is not a GUID.
 */
export function trustedInstanceId(text: string): TrustedInstance {
  if (typeof text !== 'string' || !isGuid(text)) {
    throw new WixMisconfiguredError(
      'An instance id must be a GUID such as 9f9c5c16-59c8-4708-8c25-855505daa954. ' +
        'An app id, a site id or a signed instance is not one.',
    );
  }
  return marked(instanceIdFromWix(text));
}

/** The id that a value was marked with, if it is a {@link TrustedInstance} of this copy of the package or of another. */
export const trustedIdIn = (value: object & { readonly [TRUSTED]?: WixInstanceId }): WixInstanceId | undefined =>
  value[TRUSTED];

// Not enumerable: a spread must not pass the mark on to an object with other contents.
const marked = (id: WixInstanceId): TrustedInstance =>
  Object.freeze(Object.defineProperty({}, TRUSTED, { value: id }) as TrustedInstance);

/** The id in an id or in a {@link TrustedInstance}, for what opens no site, such as forgetting. */
export const idIn = (instance: WixInstanceId | TrustedInstance): WixInstanceId =>
  typeof instance === 'string' ? instance : instance[TRUSTED];
