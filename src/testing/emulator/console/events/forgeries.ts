import type { JsonSchema } from '../../scenario/json-schema.js';
import type { EventForgery } from '../console-api.js';

const forgeries: Readonly<Record<EventForgery, true>> = {
  'another-key': true,
  'alg-none': true,
  hs256: true,
  stale: true,
  expired: true,
  future: true,
  'another-app': true,
  'another-issuer': true,
};

/** What a call may name as wrong with a signed request. */
export const forgerySchema: JsonSchema = { enum: [...Object.keys(forgeries), null] };
