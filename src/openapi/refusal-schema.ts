import type { OpenApiObject } from './openapi-document.js';

/** The name of the schema of our refusals. */
export const REFUSAL_SCHEMA = 'WixAuthRefusal';

const text = (description: string): OpenApiObject => ({ type: 'string', description });
const texts = (description: string): OpenApiObject => ({ type: 'array', items: { type: 'string' }, description });

/** The name of the schema of our refusals as problem details. */
export const PROBLEM_SCHEMA = 'WixAuthProblem';

const status: OpenApiObject = { type: 'integer', description: 'The HTTP status.' };
const facts: OpenApiObject = {
  code: text('The reason, stable across versions.'),
  identityType: text('WIX_IDENTITY_NOT_ALLOWED: who called.'),
  allowedIdentities: texts('WIX_IDENTITY_NOT_ALLOWED: who may call.'),
  requiredScopes: texts('WIX_SCOPE_MISSING: every permission scope that is required.'),
  missingScopes: texts('WIX_SCOPE_MISSING: the required scopes that are missing.'),
  lackedBy: texts('WIX_SCOPE_MISSING: who lacks them, such as `app` or `user`.'),
  requiredPlans: texts('WIX_PLAN_REQUIRED: the product ids of the plans of which one is enough.'),
  upgradeUrl: text("WIX_PLAN_REQUIRED: Wix's page where the owner of the site buys one."),
  requestId: text("WIX_UNAVAILABLE, WIX_INSTANCE_UNKNOWN: Wix's id of the request that failed."),
};

/** The schema of every refusal. */
export const refusalSchema: OpenApiObject = {
  type: 'object',
  description: 'Why a call was refused. Branch on `code`.',
  required: ['statusCode', 'message', 'error', 'code'],
  properties: {
    statusCode: status,
    message: text('What was wrong, in words.'),
    error: text('The HTTP status in words.'),
    help: text('The page of the manual about this code.'),
    ...facts,
  },
};

/** The same as problem details of RFC 9457. */
export const problemSchema: OpenApiObject = {
  type: 'object',
  description: 'Why a call was refused, as problem details of RFC 9457. Branch on `code`.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { ...text('The page of the manual about this code.'), format: 'uri-reference' },
    title: text('The HTTP status in words.'),
    status,
    detail: text('What was wrong, in words.'),
    ...facts,
  },
};
