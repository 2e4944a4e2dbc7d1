import type { WixRoute } from '../manifest/wix-route.js';
import { listIn, objectIn, textIn, withDefaults, type OpenApiObject } from './openapi-document.js';
import { responsesOf } from './operation-responses.js';
import type { RefusalFormat } from './refusal-formats.js';
import { securityOf, type CredentialPlace } from './security-schemes.js';
import { whoMayCall } from './who-may-call.js';

/** What all operations of a document have in common. */
export interface DocumentFacts {
  /** The `security` of the whole document, which applies to operations without their own. */
  readonly security: readonly unknown[];
  /** Whether `security` lists scopes, as OpenAPI 3.1 and later allow. */
  readonly listsScopes: boolean;
  /** The formats of refusals. */
  readonly formats: readonly RefusalFormat[];
}

/** An operation to which the route's policy is added. What it already contains stays. */
export function describedOperation(
  operation: OpenApiObject,
  route: WixRoute,
  places: readonly CredentialPlace[],
  facts: DocumentFacts,
): OpenApiObject {
  return withoutEmpty({
    ...operation,
    ...extensionsOf(route),
    description: describedBy(textIn(operation, 'description'), whoMayCall(route)),
    security: withSecurity(operation, securityOf(route, places, facts.listsScopes), facts),
    responses: withDefaults(objectIn(operation, 'responses'), responsesOf(route, facts.formats)),
  });
}

function describedBy(description: string, added: string | undefined): string | undefined {
  if (added === undefined || description.includes(added)) return description === '' ? undefined : description;
  return description === '' ? added : `${description}\n\n${added}`;
}

function withSecurity(operation: OpenApiObject, added: readonly OpenApiObject[], facts: DocumentFacts): unknown {
  if (added.length === 0) return operation['security'];
  const written = operation['security'] === undefined ? facts.security : listIn(operation, 'security');
  const known = new Set(written.map((entry) => JSON.stringify(entry)));
  return [...written, ...added.filter((entry) => !known.has(JSON.stringify(entry)))];
}

function extensionsOf(route: WixRoute): OpenApiObject {
  if (route.access !== 'guarded') return {};
  const { callers, authority, scopes, anyScopes, plans } = route;
  return {
    'x-wix-identities': callers,
    'x-wix-authority': authority,
    ...(scopes.length > 0 ? { 'x-wix-scopes': scopes } : {}),
    ...(anyScopes.length > 0 ? { 'x-wix-any-scopes': anyScopes } : {}),
    ...(plans.length > 0 ? { 'x-wix-plans': plans } : {}),
  };
}

const withoutEmpty = (operation: OpenApiObject): OpenApiObject =>
  Object.fromEntries(Object.entries(operation).filter(([, value]) => value !== undefined));
