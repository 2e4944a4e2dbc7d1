import type { OpenApiObject } from './openapi-document.js';

/** The name of the schema of our refusals. */
export const REFUSAL_SCHEMA = 'WixAuthRefusal';

const text = (description: string): OpenApiObject => ({ type: 'string', description });
const texts = (description: string): OpenApiObject => ({ type: 'array', items: { type: 'string' }, description });

/** The schema of every answer by which a call is refused. */
export const refusalSchema: OpenApiObject = {
  type: 'object',
  description: 'Why a call was refused. Branch on `code`.',
  required: ['statusCode', 'message', 'error', 'code'],
  properties: {
    statusCode: { type: 'integer', description: 'The HTTP status.' },
    message: text('What was wrong, in words.'),
    error: text('The HTTP status in words.'),
    code: text('The reason, stable across versions.'),
    help: text('The page of the manual about this code.'),
    identityType: text('WIX_IDENTITY_NOT_ALLOWED: who called.'),
    allowedIdentities: texts('WIX_IDENTITY_NOT_ALLOWED: who may call.'),
    requiredScopes: texts('WIX_SCOPE_MISSING: every permission scope that is required.'),
    missingScopes: texts('WIX_SCOPE_MISSING: those that are lacking.'),
    lackedBy: texts('WIX_SCOPE_MISSING: who lacks them, such as `app` or `user`.'),
    requestId: text("WIX_UNAVAILABLE, WIX_INSTANCE_UNKNOWN: Wix's id of the request that failed."),
  },
};
