import { digestOf } from '../../core/digest.js';
import type { JsonObject } from '../../core/values/json.js';
import type { WixDomainEvent } from './wix-event.js';

/**
 * Tells one event from another, also in a ledger that several apps share: by its id, or where it has none by what it
 * says and when Wix signed it. Installed, removed and installed again are three events; a resend that Wix signed anew
 * counts as another one, since running twice is better than never.
 */
export function eventKey(appId: string, event: WixDomainEvent, claims: JsonObject): string {
  const own = event.id ?? [claims['data'], claims['iat']];
  return digest([appId, event.type, event.instanceId, own]);
}

/** The ledger's key for what one handler does about an event. */
export const workKey = (event: string, handler: string): string => digest([event, handler]);

const digest = (parts: unknown): string => digestOf(JSON.stringify(parts));
