import { createPrivateKey } from 'node:crypto';

import { Body, Controller, Injectable, Module, Post, RequestMethod, VersioningType, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import {
  InMemoryRefreshTokenStore,
  OnWixEvent,
  RefreshTokenStore,
  WixAuthModule,
  WixDigest,
  WixInstallService,
  WixPublic,
  WixRawBody,
  WixServicePlugin,
  WixServicePluginRequest,
  WixWebhookService,
} from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { platforms, startApp, type RunningApp, type StartOptions } from '../support/running-app.js';
import { rs256 } from '../unit/webhooks/signing.js';
import { webhookModule } from './webhook-app.js';

type Configure = NonNullable<StartOptions['configure']>;

@Controller('rates')
class RatesController {
  @Post('v1/get')
  @WixServicePlugin()
  rates(@WixServicePluginRequest() request: object) {
    return { request };
  }
}

@Controller('data')
class DataController {
  @Post(':kind')
  @WixDigest()
  take(@Body() body: unknown) {
    return { body };
  }
}

@Module({ controllers: [RatesController, DataController] })
class PluginModule {}

@Injectable()
class Seen {
  readonly types: string[] = [];

  @OnWixEvent('AppInstalled')
  see({ type }: { type: string }): void {
    this.types.push(type);
  }
}

const permutations = <Item>(items: readonly Item[]): Item[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

describe.each(platforms)('Where Wix reaches an application on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let running: RunningApp | undefined;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
  });
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });
  afterAll(() => wix.stop());

  const start = async (parts: Parameters<typeof startApp>[1], configure?: Configure): Promise<string> => {
    running = await startApp(platform, parts, configure && { configure });
    return running.url;
  };
  const plugin = async (url: string) => {
    const { status, body } = await wix.send.servicePlugin(install, url, { postalCode: '10115' });
    return [status, body];
  };
  const digest = async (url: string) => {
    const { status, body } = await wix.send.withDigest(app, url, '{"a":1}');
    return [status, body];
  };
  const json = async (url: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: '{"a":1}' });
    return [response.status, await response.text()];
  };
  const installed = async (url: string): Promise<number> => {
    const event = {
      eventType: 'AppInstalled',
      instanceId: install.instanceId,
      data: JSON.stringify({ appId: app.appId }),
    };
    const iat = Math.floor(Date.now() / 1_000);
    const token = rs256({ data: JSON.stringify(event), iat, exp: iat + 600 }, createPrivateKey(app.privateKey));
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: token });
    return response.status;
  };

  const RATES = [200, '{"request":{"postalCode":"10115"}}'];
  const DATA = [201, '{"body":{"a":1}}'];

  const imports = () => [
    webhookModule(app, {}),
    PluginModule,
    RouterModule.register([{ path: 'plugins/:tenant', module: PluginModule }]),
  ];

  it.each([0, 1, 2, 3, 4, 5])('applies the path of a RouterModule in import order %i', async (order) => {
    const url = await start({ imports: permutations(imports())[order] ?? [], providers: [Seen] });

    expect(await plugin(`${url}/plugins/one/rates/v1/get`)).toEqual(RATES);
    expect(await digest(`${url}/plugins/two/data/orders`)).toEqual(DATA);
    expect(await installed(`${url}/wix/webhooks`)).toBe(200);
  });

  it('applies the path of a RouterModule beside a global prefix, its exclusions, and versions', async () => {
    const url = await start({ imports: imports() }, (nest) => {
      nest.setGlobalPrefix('api', { exclude: [{ path: 'plugins/:tenant/data/{*rest}', method: RequestMethod.POST }] });
      nest.enableVersioning({ type: VersioningType.URI, defaultVersion: ['2', '3'] });
    });

    expect(await plugin(`${url}/api/v2/plugins/one/rates/v1/get`)).toEqual(RATES);
    expect(await plugin(`${url}/api/v3/plugins/one/rates/v1/get`)).toEqual(RATES);
    expect(await digest(`${url}/v2/plugins/one/data/orders`)).toEqual(DATA);
    expect(await installed(`${url}/api/wix/webhooks`)).toBe(200);
  });

  it.each([0, 1])('applies the path of a RouterModule on WixAuthModule itself in import order %i', async (order) => {
    const { appId, appSecret, publicKey } = app;
    const parts = [
      WixAuthModule.forRoot({
        ...{ appId, appSecret, publicKey, apiUrl: wix.url, webhooks: {} },
        install: { publicUrl: 'https://app.test', customAuthentication: true },
        providers: [{ provide: RefreshTokenStore, useClass: InMemoryRefreshTokenStore }],
      }),
      RouterModule.register([{ path: 'auth', module: WixAuthModule }]),
    ];
    const url = await start({ imports: order === 0 ? parts : parts.reverse(), providers: [Seen] }, (nest) =>
      nest.setGlobalPrefix('api', { exclude: ['auth/wix/install/app-url'] }),
    );

    expect(await installed(`${url}/api/auth/wix/webhooks`)).toBe(200);
    expect(running?.app.get(Seen).types).toEqual(['AppInstalled']);
    const addresses = running?.app.get<WixInstallService>(WixInstallService).addresses;
    expect(addresses).toEqual({
      callbackUrl: 'https://app.test/api/auth/wix/install/callback',
      appUrl: 'https://app.test/auth/wix/install/app-url',
      redirectUrl: 'https://app.test/api/auth/wix/install/redirect',
    });
    for (const address of Object.values<string>({ ...addresses })) {
      const response = await fetch(address.replace('https://app.test', url), { redirect: 'manual' });
      expect(response.status).not.toBe(404);
    }
  });

  it("reaches the application's own webhook route at any path", async () => {
    @Controller('events')
    class OwnController {
      constructor(private readonly webhooks: WixWebhookService) {}

      @Post('of-wix')
      @WixPublic()
      async take(@WixRawBody() body: Buffer) {
        await this.webhooks.receive(body);
      }
    }
    @Module({ controllers: [OwnController] })
    class OwnModule {}
    const url = await start({
      imports: [
        webhookModule(app, { controller: false }),
        OwnModule,
        RouterModule.register([{ path: 'inner', module: OwnModule }]),
      ],
      providers: [Seen],
    });

    expect(await installed(`${url}/inner/events/of-wix`)).toBe(201);
  });

  it('reads the endpoint of each of two registrations, with its own limit', async () => {
    const local = { isGlobal: false };
    @Module({})
    class SmallModule {}
    @Module({})
    class LargeModule {}
    const url = await start({
      imports: [
        { module: SmallModule, imports: [webhookModule(app, { path: 'small', maxBodyBytes: 10 }, [], local)] },
        { module: LargeModule, imports: [webhookModule(app, { path: 'large' }, [], local)] },
      ],
    });

    expect(await installed(`${url}/small`)).toBe(413);
    expect(await installed(`${url}/large`)).toBe(200);
  });

  it('shows the addresses of routes as they are served', async () => {
    const { appId, appSecret } = app;
    @Controller('things')
    class ThingsController {
      @Post('one')
      one() {
        return {};
      }
    }
    @Module({ controllers: [ThingsController] })
    class ThingsModule {}
    const logs = new CapturedLogs();
    await start(
      {
        imports: [
          WixAuthModule.forRoot({ appId, appSecret, globalGuard: true }),
          ThingsModule,
          RouterModule.register([{ path: 'inner', module: ThingsModule }]),
        ],
      },
      (nest) => nest.setGlobalPrefix('api').useLogger(logs),
    );

    expect(logs.of('log', 'WixAuthModule').join('\n')).toContain('POST  /api/inner/things/one');
  });

  const grammar: readonly {
    readonly only?: typeof platform;
    readonly path: string;
    readonly signed: readonly string[];
    readonly neighbors: readonly string[];
  }[] = [
    { only: 'express', path: 'b{/:opt}/rates', signed: ['b/rates', 'b/x/rates'], neighbors: ['b', 'b/x', 'rates'] },
    { only: 'express', path: 'rates\\:now', signed: ['rates:now'], neighbors: ['rates', 'rates:then', 'rates-now'] },
    { only: 'fastify', path: 'rates::now', signed: ['rates:now'], neighbors: ['rates', 'rates:then', 'rates-now'] },
    { only: 'express', path: 'a.b', signed: ['a.b'], neighbors: ['a-b', 'axb'] },
    { path: 'of/:id', signed: ['of/one', 'of/a.b'], neighbors: ['of', 'of/one/more'] },
    { path: ':from-:to/rates', signed: ['a-b/rates'], neighbors: ['ab/rates'] },
    { only: 'express', path: 'deep/*rest', signed: ['deep/a', 'deep/a/b'], neighbors: ['deep', 'other/deep'] },
    { path: 'below/*', signed: ['below/a', 'below/a/b'], neighbors: ['other/below'] },
  ];

  describe.each(grammar.filter(({ only = platform }) => only === platform))('with @Post($path)', (row) => {
    const controllerOf = (path: string): Type => {
      @Controller()
      class GrammarController {
        @Post(path)
        @WixServicePlugin()
        rates(@WixServicePluginRequest() request: object) {
          return { request };
        }
      }
      return GrammarController;
    };
    const neighborsOf = (paths: string[]): Type => {
      @Controller()
      class NeighborsController {
        @Post(paths)
        echo(@Body() body: unknown) {
          return { body };
        }
      }
      return NeighborsController;
    };

    it('delivers signed requests, and leaves other routes their bodies', async () => {
      const neighbors = row.neighbors.map((path) => path.replace(':', platform === 'express' ? '\\:' : '::'));
      const controllers = [controllerOf(row.path), neighborsOf(neighbors)];
      const url = await start({ imports: [webhookModule(app)], controllers });

      for (const path of row.signed) expect([path, ...(await plugin(`${url}/${path}`))]).toEqual([path, ...RATES]);
      for (const path of row.neighbors) expect([path, ...(await json(`${url}/${path}`))]).toEqual([path, ...DATA]);
    });
  });

  it('leaves the body to a route that matches before a signed one', async () => {
    @Controller('both')
    class BothController {
      @Post('now')
      echo(@Body() body: unknown) {
        return { body };
      }

      @Post(':when')
      @WixServicePlugin()
      rates(@WixServicePluginRequest() request: object) {
        return { request };
      }
    }
    const url = await start({ imports: [webhookModule(app)], controllers: [BothController] });

    expect(await json(`${url}/both/now`)).toEqual(DATA);
    expect(await plugin(`${url}/both/later`)).toEqual(RATES);
  });
});
