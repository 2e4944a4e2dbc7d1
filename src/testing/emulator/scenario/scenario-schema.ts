import { variantChoices, type VariantChoice } from '../variant-choices.js';
import type { JsonSchema } from './json-schema.js';

const text: JsonSchema = { type: 'string' };
const texts: JsonSchema = { type: 'array', items: text };
const key: JsonSchema = {
  type: 'string',
  pattern: '^[a-z0-9][a-z0-9-]*$',
  title: 'lower-case letters, digits and hyphens',
};
const guid: JsonSchema = {
  type: 'string',
  pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  title: 'a GUID',
};
const url: JsonSchema = { type: 'string', pattern: '^https?://[^/?#]+/?$', title: 'an http address without a path' };
const path: JsonSchema = { type: 'string', pattern: '^/', title: 'a path that starts with /' };
const address: JsonSchema = { type: 'string', pattern: '^(/|https?://)', title: 'an address, or a path of the app' };

const list = (items: JsonSchema, minItems = 0): JsonSchema => ({ type: 'array', items, minItems });

const closed = (required: readonly string[], properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

const app = closed(['key'], {
  key,
  appId: guid,
  name: text,
  scopes: texts,
  url,
  webhooks: path,
  dashboard: path,
  plugins: path,
  redirectUrls: list(address),
  appUrl: address,
  websiteUrl: address,
});

const site = closed(['key'], {
  key,
  siteId: guid,
  name: text,
  url: text,
  locale: text,
  catalogVersion: { enum: ['V1', 'V3'] },
  installedWixApps: texts,
  owner: closed([], { key, userId: guid, email: text }),
  users: list(
    closed(['key'], {
      key,
      userId: guid,
      name: text,
      email: text,
      roles: texts,
      permissions: texts,
      locationIds: texts,
    }),
  ),
  members: list(closed(['key'], { key, memberId: guid, visitorId: guid })),
  visitors: list(closed(['key'], { key, visitorId: guid })),
  products: list({
    type: 'object',
    required: ['name'],
    properties: { id: text, name: text, visible: { type: 'boolean' } },
  }),
  contacts: list({ type: 'object', required: ['info'], properties: { id: text, info: { type: 'object' } } }),
});

const install = closed(['app', 'site'], {
  app: key,
  site: key,
  instanceId: guid,
  grants: texts,
  plan: text,
  installed: { type: 'boolean' },
});

const variantSchema = ({ choices, text: description }: VariantChoice): JsonSchema =>
  choices ? { description, enum: choices } : { description, type: 'number', minimum: 0 };

/** The schema of one variant each, by name. */
export const variantSchemas: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(variantChoices).map(([name, choice]) => [name, variantSchema(choice)]),
);

/** The JSON Schema of `wix-emulator.json`. The build writes it into the package. */
export const scenarioSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A scenario of the Wix emulator of nestjs-wix-auth',
  ...closed(['apps', 'sites', 'installs'], {
    $schema: text,
    apps: list(app, 1),
    sites: list(site, 1),
    installs: list(install),
    variants: closed([], variantSchemas),
  }),
};
