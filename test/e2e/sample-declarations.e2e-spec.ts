import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Body,
  Controller,
  Get,
  Logger,
  Module,
  Post,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { validate } from '@readme/openapi-parser';
import {
  WixIdentity,
  WixInstanceAuth,
  wixRoutes,
  WixUserAuth,
  type WixAppIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { accessMatrix, leastPrivilege, type LeastPrivilege } from 'nestjs-wix-auth/testing';

import { apiDocument } from '../../sample/src/api-document.js';
import { AppModule } from '../../sample/src/app.module.js';
import { emulatedSite } from '../support/sample/emulated-site.js';
import { InstallationController as SampleInstallation } from '../../sample/src/installation.controller.js';
import { ProductDto } from '../../sample/src/products/product.dto.js';
import { ProductsController as SampleProducts } from '../../sample/src/products/products.controller.js';
import { startSample } from '../support/sample/start-sample.js';
import { checkManifest } from '../../src/manifest/manifest-check.js';
import { manifestOf } from '../../src/manifest/manifest-of.js';
import type { WixManifest } from '../../src/manifest/wix-manifest.js';
import { changedOperations } from '../support/changed-operations.js';
import { committedText } from '../support/committed.js';
import { freePort } from '../support/free-port.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';

type EmulatedSite = Awaited<ReturnType<typeof emulatedSite>>;
type Sample = Awaited<ReturnType<typeof startSample>>;

interface Refusals {
  readonly content: { readonly 'application/json': { readonly examples: Record<string, { readonly value: object }> } };
}
interface SampleDocument {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Refusals> }>>;
}

describe.each(platforms)('The declarations of the sample, on %s', (platform) => {
  let folder: string;
  let site: EmulatedSite;
  let sample: Sample;
  let url: string;
  let document: SampleDocument;
  let privilege: LeastPrivilege;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    folder = mkdtempSync(join(tmpdir(), 'sample-'));
    site = await emulatedSite();
    privilege = leastPrivilege(site.wix);
    sample = await startSample(site, { platform, port: await freePort(), folder });
    url = await sample.server.getUrl();
    document = (await call(`${url}/openapi.json`)).body as SampleDocument;
  });

  afterAll(async () => {
    privilege.stop();
    await sample.server.close();
    await site.wix.stop();
    rmSync(folder, { recursive: true });
  });

  it('match the reviewed matrix of callers, the routes, and the reviewed calls to Wix', async () => {
    const matrix = accessMatrix(sample.server, { wix: site.wix, install: site.install, document });
    expect(changedParts(committedText('sample/access-matrix.md', matrix.table), matrix.table)).toEqual([]);
    const results = await Promise.allSettled(matrix.cases.map(({ run }) => run()));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(failures).toEqual([]);
    const report = String(await privilege.report(sample.server));
    expect(changedParts(committedText('sample/least-privilege.txt', report), report, '\n\n')).toEqual([]);
  });

  it('match the reviewed OpenAPI document', () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const committed = JSON.parse(committedText('sample/openapi.json', text)) as object;
    expect(changedOperations(committed, document)).toEqual([]);
  });

  describe('with a scope removed and a route widened', () => {
    @Controller('products')
    class ProductsController extends SampleProducts {
      @Post()
      @WixUserAuth()
      override create(@WixIdentity() user: WixUserIdentity, @Body() product: ProductDto) {
        return super.create(user, product);
      }
    }
    @Controller('installation')
    class InstallationController extends SampleInstallation {
      @Get()
      @WixInstanceAuth({ allow: ['app', 'visitor'] })
      override show(@WixIdentity() app: WixAppIdentity) {
        return super.show(app);
      }
    }
    let changed: RunningApp;

    beforeAll(async () => {
      const module = sampleWith([SampleProducts, ProductsController], [SampleInstallation, InstallationController]);
      changed = await startApp(platform, { imports: [module] });
    });
    afterAll(() => changed.close());

    // Both routes are named, and no other.
    const named = (changes: readonly string[]): readonly string[] =>
      [...new Set(changes.flatMap((change) => /(GET|POST) \/[\w/-]*/.exec(change)?.[0] ?? []))].sort();
    const routes = ['GET /installation', 'POST /products'];
    const committed = (file: string): string => readFileSync(join(process.cwd(), 'sample', file), 'utf8');

    it('have another OpenAPI document', () => {
      const reviewed = JSON.parse(committed('openapi.json')) as object;
      const found = JSON.parse(JSON.stringify(apiDocument(changed.app))) as object;
      expect(named(changedOperations(reviewed, found))).toEqual(routes);
    });

    it('do not match their manifest', async () => {
      const reviewed = JSON.parse(committed('wix-manifest.json')) as WixManifest;
      const { failures } = checkManifest(reviewed, await manifestOf(wixRoutes(changed.app)));
      expect(failures).toEqual([
        'GET /installation takes more callers now: visitor.',
        'POST /products lost SCOPE.DC-STORES.MANAGE-PRODUCTS.',
      ]);
    });

    it('have another matrix', () => {
      const { table } = accessMatrix(changed.app, { wix: site.wix, install: site.install });
      expect(named(changedParts(committed('access-matrix.md'), table))).toEqual(routes);
    });

    it('have another report of calls to Wix', async () => {
      const own = leastPrivilege(site.wix);
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"A","price":1}' };
      await call(`${changed.url}/products`, site.credentials.owner, init);
      const report = await own.report(changed.app);
      own.stop();
      const [before = '', now = ''] = [committed('least-privilege.txt'), String(report)].map((text) =>
        text.replace(/\n {2}(called|→|!).*/g, ''),
      );
      expect(named(changedParts(before, now, '\n\n'))).toEqual(routes);
      expect(() => report.assert()).toThrow(/POST \/products calls Create Product, .* and declares nothing/);
    });
  });

  it('have a valid OpenAPI document', async () => {
    const parsed = structuredClone(document) as unknown as Parameters<typeof validate>[0];
    expect(await validate(parsed)).toMatchObject({ valid: true });
  });

  it('show refusals as they are answered', async () => {
    const { credentials } = site;
    const create = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Tulips","price":9}',
    };
    const answers = await Promise.all([
      call(`${url}/products`, undefined, create),
      call(`${url}/products`, 'nonsense', create),
      call(`${url}/products`, credentials.expired, create),
      call(`${url}/products`, credentials['another-app'], create),
      call(`${url}/products`, credentials.visitor, create),
      call(`${url}/products`, credentials.agent, create),
    ]);
    const responses = document.paths['/products']?.['post']?.responses ?? {};
    for (const { status, body } of answers) {
      const { code } = body as { code: string };
      const example = responses[String(status)]?.content['application/json'].examples[code]?.value;
      expect([code, Object.keys(example ?? {}).sort()]).toEqual([code, Object.keys(body as object).sort()]);
      expect(example).toMatchObject({ statusCode: status, code });
    }
    expect(new Set(answers.map(({ body }) => (body as { code: string }).code)).size).toBe(6);
  });
});

/** The sample's module with other classes in place of some of its controllers. */
function sampleWith(...replaced: readonly (readonly [original: Type, changed: Type])[]): Type {
  const metadata = (key: string): unknown => Reflect.getMetadata(key, AppModule);
  const controllers = metadata('controllers') as readonly Type[];
  @Module({
    imports: metadata('imports') as ModuleMetadata['imports'] & object,
    providers: metadata('providers') as Provider[],
    controllers: controllers.map((one) => replaced.find(([original]) => original === one)?.[1] ?? one),
  })
  class ChangedModule {}
  return ChangedModule;
}

/** The lines, or other parts, that are not in both texts: those that are gone, then those that are new. */
function changedParts(committed: string, actual: string, separator = '\n'): readonly string[] {
  const [before, after] = [committed.split(separator), actual.split(separator)];
  const gone = before.filter((part) => !after.includes(part)).map((part) => `- ${part}`);
  return [...gone, ...after.filter((part) => !before.includes(part)).map((part) => `+ ${part}`)];
}
