import type { INestApplicationContext } from '@nestjs/common';

import type { WixRoute } from '../manifest/wix-route.js';
import { wixRoutes } from '../manifest/wix-routes.js';
import { describedOperation, type DocumentFacts } from './described-operation.js';
import { listIn, objectIn, objectOr, textIn, withDefaults, type OpenApiObject } from './openapi-document.js';
import { RouteFinder } from './route-finder.js';
import { refusalFormatsOf } from './refusal-formats.js';
import { registeredOptionsOf } from './registered-options.js';
import { placesOf, schemeOf, type CredentialPlace, type SignedInstanceSetting } from './security-schemes.js';
import { signedInstanceSettingOf } from './signed-instance-setting.js';

/** How {@link describeWixAuth} reads a document. */
export interface DescribeWixAuthOptions {
  /**
   * The prefix that the paths of the document leave out, such as `/api` if `ignoreGlobalPrefix` was set.
   *
   * @default none
   */
  readonly pathPrefix?: string | undefined;
}

type App = Pick<INestApplicationContext, 'get'>;

/**
 * A copy of an OpenAPI document (3.0 or later) in which every operation says what its route declares: who may call
 * (`x-wix-identities` and in the description), with which scopes (`security`, `x-wix-scopes`), and how a caller is
 * refused (401, 403 and 503 with an example for each code that can occur there).
 *
 * Operations are matched by method and path. What the document already contains stays, and describing it again changes
 * nothing. OpenAPI 3.0 allows scopes in `security` only for OAuth: its documents have them in `x-wix-scopes` alone.
 *
 * @example
 * const document = SwaggerModule.createDocument(app, new DocumentBuilder().setOpenAPIVersion('3.1.0').build());
 * SwaggerModule.setup('docs', app, describeWixAuth(document, app));
 * @param app - the application, after `setGlobalPrefix()` and `enableVersioning()`.
 * @throws `WixMisconfiguredError` when declarations contradict each other.
 */
export function describeWixAuth<Document extends object>(
  document: Document,
  app: App,
  { pathPrefix = '' }: DescribeWixAuthOptions = {},
): Document {
  const written = objectOr(document);
  const routes = new RouteFinder(wixRoutes(app), pathPrefix);
  const registrations = registeredOptionsOf(app);
  const setting = signedInstanceSettingOf(registrations);
  const facts: DocumentFacts = {
    security: listIn(written, 'security'),
    listsScopes: !textIn(written, 'openapi').startsWith('3.0'),
    formats: refusalFormatsOf(registrations),
  };
  const paths = describedPaths(written, routes, setting, facts);
  // Members were added, and none was removed.
  return {
    ...written,
    paths,
    components: describedComponents(written, setting, usedIn(written, routes, setting), facts),
  } as Document;
}

function describedPaths(
  document: OpenApiObject,
  routes: RouteFinder,
  setting: SignedInstanceSetting,
  facts: DocumentFacts,
): OpenApiObject {
  return mapped(objectIn(document, 'paths'), (path, item) =>
    mapped(objectOr(item), (method, operation) => described(operation, routes.find(method, path), setting, facts)),
  );
}

function described(
  operation: unknown,
  route: WixRoute | undefined,
  setting: SignedInstanceSetting,
  facts: DocumentFacts,
): unknown {
  if (route === undefined) return operation;
  return describedOperation(objectOr(operation), route, placesOf(route, setting), facts);
}

function usedIn(
  document: OpenApiObject,
  routes: RouteFinder,
  setting: SignedInstanceSetting,
): ReadonlySet<CredentialPlace> {
  const found = Object.entries(objectIn(document, 'paths')).flatMap(([path, item]) =>
    Object.keys(objectOr(item)).map((method) => routes.find(method, path)),
  );
  return new Set(found.flatMap((route) => (route === undefined ? [] : placesOf(route, setting))));
}

function describedComponents(
  document: OpenApiObject,
  setting: SignedInstanceSetting,
  used: ReadonlySet<CredentialPlace>,
  { formats }: DocumentFacts,
): OpenApiObject {
  const components = objectIn(document, 'components');
  if (used.size === 0) return components;
  const schemes = Object.fromEntries([...used].map((place) => [place, schemeOf(place, setting)]));
  return {
    ...components,
    schemas: withDefaults(objectIn(components, 'schemas'), Object.fromEntries(formats.map(({ schema }) => schema))),
    securitySchemes: withDefaults(objectIn(components, 'securitySchemes'), schemes),
  };
}

const mapped = (parent: OpenApiObject, change: (name: string, value: unknown) => unknown): OpenApiObject =>
  Object.fromEntries(Object.entries(parent).map(([name, value]) => [name, change(name, value)]));
