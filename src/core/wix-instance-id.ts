import { WixMisconfiguredError } from './wix-auth.errors.js';

declare const trusted: unique symbol;

/**
 * The id of one installation of the app on one site, known to be genuine because Wix vouched for it.
 *
 * With the app's secret an instance id opens that site, so one taken from a request would let its sender open
 * any site. Identities, events and installs carry ids of this type; {@link trustedInstanceId} makes one from text.
 */
export type WixInstanceId = string & { readonly [trusted]: 'WixInstanceId' };

/** Whether a text is a GUID, as Wix writes its ids. */
export const isGuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/**
 * Vouches for an instance id that did not come from this library, such as one from your own database.
 * Never call it with something a request brought along: whoever sent it would choose the site you act on.
 *
 * @throws {@link WixMisconfiguredError} when the text is not a GUID.
 */
export function trustedInstanceId(text: string): WixInstanceId {
  if (!isGuid(text)) {
    throw new WixMisconfiguredError(
      'An instance id must be a GUID such as 9f9c5c16-59c8-4708-8c25-855505daa954. ' +
        'An app id, a site id or a signed instance is none.',
    );
  }
  return instanceIdFromWix(text);
}

/** The same for an id that Wix itself just vouched for, in an answer or under a good signature. */
export const instanceIdFromWix = (text: string): WixInstanceId => text.toLowerCase() as WixInstanceId;
