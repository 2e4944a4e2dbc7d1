declare const trusted: unique symbol;

/**
 * The id of one installation of the app on one site, known to be genuine because Wix vouched for it. Identities, events
 * and installations carry it. Key your own data by it, and store it as text.
 *
 * With the app's secret an instance id opens that site, so one taken from a request would let its sender open any site.
 * That is why the id alone opens nothing: hand on what carried it, or vouch for a stored one with
 * {@link trustedInstanceId}.
 */
export type WixInstanceId = string & { readonly [trusted]: 'WixInstanceId' };

/** Whether a text is a GUID, as Wix writes its ids. */
export const isGuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** An id that Wix itself just vouched for, in an answer or under a good signature. */
export const instanceIdFromWix = (text: string): WixInstanceId => text.toLowerCase() as WixInstanceId;
