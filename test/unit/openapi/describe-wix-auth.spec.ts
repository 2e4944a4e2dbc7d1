import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { validate } from '@readme/openapi-parser';
import { RequirePlan, WixInstanceAuth } from 'nestjs-wix-auth';
import { describeWixAuth } from 'nestjs-wix-auth/openapi';

import { DeclaredModule, MANAGE, newApp, ORDERS, READ } from '../manifest/declared-app.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const LIST = '/api/v1/shop/products';
const CHANGE = '/api/v1/shop/products/{id}';

/** The codes of the examples of an operation, by status. */
function codesOf({ responses }: Operation): object {
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, response]) => {
      const content =
        'content' in Object(response) ? (response as { content: Record<string, { examples: object }> }).content : {};
      const examples = content['application/json']?.examples;
      return examples === undefined ? [] : [[status, Object.keys(examples)]];
    }),
  );
}

const unauthenticated = [
  'WIX_CREDENTIALS_MISSING',
  'WIX_CREDENTIALS_MALFORMED',
  'WIX_CREDENTIALS_EXPIRED',
  'WIX_CREDENTIALS_REJECTED',
  'WIX_CREDENTIALS_WRONG_APP',
  'WIX_API_KEY_REFUSED',
];

describe('describeWixAuth', () => {
  let app: INestApplication;
  let plain: OpenAPIObject;

  beforeAll(async () => {
    app = await newApp([DeclaredModule]);
    plain = documentOf('3.1.0');
  });

  afterAll(() => app.close());

  const documentOf = (version: string): OpenAPIObject =>
    SwaggerModule.createDocument(app, new DocumentBuilder().setOpenAPIVersion(version).build());

  const operation = (document: OpenAPIObject, method: 'get' | 'post', path: string): Operation => {
    const found = document.paths[path]?.[method];
    if (found === undefined) throw new Error(`No ${method} ${path} in ${Object.keys(document.paths).join(', ')}`);
    return found;
  };

  it.each(['3.0.0', '3.1.0'])('gives a valid document of OpenAPI %s', async (version) => {
    // The parser adds to what it is given.
    const document = structuredClone(describeWixAuth(documentOf(version), app));
    expect(await validate(document as unknown as Parameters<typeof validate>[0])).toMatchObject({
      valid: true,
      warnings: [],
    });
  });

  it('says who may call, with which scopes, and how a caller is refused', () => {
    const list = operation(describeWixAuth(plain, app), 'get', LIST);
    expect(list).toMatchObject({
      description:
        'Who may call: Wix users and site visitors. Required scopes, granted to the app by the site: ' + `\`${READ}\`.`,
      security: [{ wixAccessToken: [READ] }],
      'x-wix-identities': ['user', 'visitor'],
      'x-wix-authority': 'instance',
      'x-wix-scopes': [READ],
    });
    expect(codesOf(list)).toEqual({
      401: unauthenticated,
      403: ['WIX_IDENTITY_NOT_ALLOWED', 'WIX_SCOPE_MISSING', 'WIX_INSTANCE_UNKNOWN'],
      503: ['WIX_UNAVAILABLE'],
    });
  });

  it('lists every way to hold one scope of each group', () => {
    const change = operation(describeWixAuth(plain, app), 'post', CHANGE);
    expect(change.security).toEqual([{ wixAccessToken: [MANAGE, READ] }, { wixAccessToken: [MANAGE, ORDERS] }]);
    expect(change).toMatchObject({ 'x-wix-scopes': [MANAGE], 'x-wix-any-scopes': [[READ, ORDERS]] });
  });

  it('lists no scopes in the security of OpenAPI 3.0, which allows them only for OAuth', () => {
    const list = operation(describeWixAuth(documentOf('3.0.0'), app), 'get', LIST);
    expect(list).toMatchObject({ security: [{ wixAccessToken: [] }], 'x-wix-scopes': [READ] });
  });

  it('reads a signed instance from the query where the route does', () => {
    const document = describeWixAuth(plain, app);
    expect(operation(document, 'get', `${LIST}/page`).security).toEqual([
      { wixAccessToken: [] },
      { wixInstanceQuery: [] },
    ]);
    expect(document.components?.securitySchemes).toEqual({
      wixAccessToken: expect.objectContaining({ type: 'http', scheme: 'bearer' }) as unknown,
      wixInstanceQuery: expect.objectContaining({ type: 'apiKey', in: 'query', name: 'instance' }) as unknown,
    });
  });

  it('shows no scope that is missing where none is required', () => {
    const page = operation(describeWixAuth(plain, app), 'get', `${LIST}/page`);
    expect(codesOf(page)).toMatchObject({ 403: ['WIX_IDENTITY_NOT_ALLOWED'] });
  });

  it('makes a credential optional on a public route that reads it, with only the refusals that can occur', () => {
    const greeting = operation(describeWixAuth(plain, app), 'get', `${LIST}/greeting`);
    expect(greeting.security).toEqual([{}, { wixAccessToken: [] }]);
    expect(codesOf(greeting)).toEqual({ 401: unauthenticated.slice(1), 503: ['WIX_UNAVAILABLE'] });
  });

  it.each([
    ['get', 'health'],
    ['post', 'plugin'],
  ] as const)('leaves %s %s unchanged, where no Wix caller is required', (method, name) => {
    const before = operation(plain, method, `${LIST}/${name}`);
    expect(operation(describeWixAuth(plain, app), method, `${LIST}/${name}`)).toEqual(before);
  });

  it('changes nothing when a document is described again', () => {
    const once = describeWixAuth(plain, app);
    expect(describeWixAuth(once, app)).toEqual(once);
  });

  it('does not change its input document', () => {
    const before = structuredClone(plain);
    describeWixAuth(plain, app);
    expect(plain).toEqual(before);
  });

  it('does not change what others wrote', () => {
    const own = { description: 'Of the gateway' };
    const document = {
      openapi: '3.1.0',
      security: [{ gateway: [] }],
      paths: {
        [LIST]: { get: { description: 'All products.', responses: { 401: own, 200: own } }, summary: 'Products' },
        '/elsewhere': { get: { responses: {} } },
      },
      components: { securitySchemes: { gateway: { type: 'mutualTLS' } }, schemas: { WixAuthRefusal: own, Own: own } },
    };
    const { paths, components, security } = describeWixAuth(document, app);
    expect(security).toEqual([{ gateway: [] }]);
    expect(paths).toMatchObject({
      [LIST]: {
        summary: 'Products',
        get: {
          description: expect.stringMatching(/^All products\.\n\nWho may call: Wix users/) as unknown,
          security: [{ gateway: [] }, { wixAccessToken: [READ] }],
          responses: { 401: own, 200: own, 403: { description: expect.any(String) as unknown } },
        },
      },
      '/elsewhere': { get: { responses: {} } },
    });
    expect(components).toMatchObject({
      securitySchemes: { gateway: { type: 'mutualTLS' }, wixAccessToken: {} },
      schemas: { WixAuthRefusal: own, Own: own },
    });
  });

  describe('on routes that require a plan, of an application with problem details', () => {
    @Controller('reports')
    class Reports {
      @Get()
      @RequirePlan('basic', 'pro')
      @WixInstanceAuth({ allow: ['app', 'user', 'member', 'visitor'] })
      any() {
        return {};
      }

      @Get('export')
      @RequirePlan('pro')
      @WixInstanceAuth({ scopes: [READ] })
      pro() {
        return {};
      }
    }
    @Module({ controllers: [Reports] })
    class ReportsModule {}
    const reports = '/api/v1/shop/reports';

    const documented = async (errors: 'nest' | 'problem+json') => {
      const own = await newApp([ReportsModule], { errors });
      const written = SwaggerModule.createDocument(own, new DocumentBuilder().setOpenAPIVersion('3.1.0').build());
      const document = describeWixAuth(written, own);
      await own.close();
      return document;
    };
    const refusalOf = ({ responses }: Operation) => responses['403'] as unknown;

    it('names the plans that are enough, and shows the refusal without one', async () => {
      const document = await documented('nest');
      const [any, pro] = [operation(document, 'get', reports), operation(document, 'get', `${reports}/export`)];
      expect(codesOf(any)).toMatchObject({ 403: ['WIX_PLAN_REQUIRED'] });
      expect(codesOf(pro)).toMatchObject({
        403: expect.arrayContaining(['WIX_SCOPE_MISSING', 'WIX_PLAN_REQUIRED']) as unknown,
      });
      expect(any).toMatchObject({
        'x-wix-plans': ['basic', 'pro'],
        description: expect.stringMatching(/ Required plan of the site: one of `basic`, `pro`\.$/) as unknown,
      });
      expect(pro.description).toMatch(/`\. Required plan of the site: `pro`\.$/);
      expect(refusalOf(any)).toMatchObject({
        content: {
          'application/json': {
            examples: {
              WIX_PLAN_REQUIRED: {
                value: {
                  statusCode: 403,
                  code: 'WIX_PLAN_REQUIRED',
                  requiredPlans: ['basic', 'pro'],
                  upgradeUrl: expect.stringMatching(/^https:\/\/www\.wix\.com\/apps\/upgrade\//) as unknown,
                },
              },
            },
          },
        },
      });
    });

    it('has the media type, the schema and the bodies of problem details, and is valid', async () => {
      const document = await documented('problem+json');
      const refusal = refusalOf(operation(document, 'get', reports)) as { content: Record<string, unknown> };
      expect(Object.keys(refusal.content)).toEqual(['application/problem+json']);
      expect(refusal.content['application/problem+json']).toEqual({
        schema: { $ref: '#/components/schemas/WixAuthProblem' },
        examples: {
          WIX_PLAN_REQUIRED: {
            summary: 'WIX_PLAN_REQUIRED',
            value: {
              type: 'https://nestjs-wix-auth.github.io/nestjs-wix-auth/errors/WIX_PLAN_REQUIRED',
              title: 'Forbidden',
              status: 403,
              detail: 'The site needs one of these plans of the app: basic, pro.',
              code: 'WIX_PLAN_REQUIRED',
              requiredPlans: ['basic', 'pro'],
              upgradeUrl: expect.any(String) as unknown,
            },
          },
        },
      });
      expect(document.components?.schemas).toEqual({
        WixAuthProblem: expect.objectContaining({ required: ['type', 'title', 'status', 'detail', 'code'] }) as unknown,
      });
      const copy = structuredClone(document) as unknown as Parameters<typeof validate>[0];
      expect(await validate(copy)).toMatchObject({ valid: true, warnings: [] });
    });
  });

  it('finds the routes of a document that omits the global prefix', () => {
    const document = { openapi: '3.1.0', paths: { '/v1/shop/products': { get: { responses: {} } } } };
    const { paths } = describeWixAuth(document, app, { pathPrefix: '/api' });
    expect(paths['/v1/shop/products'].get).toMatchObject({ 'x-wix-identities': ['user', 'visitor'] });
  });
});
