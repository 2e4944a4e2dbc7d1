import { Body, Controller, Get, Module, Param, Patch, Post, UseGuards, type Type } from '@nestjs/common';
import {
  AllowIdentities,
  RequirePlan,
  RequireScopes,
  WixAuthGuard,
  WixIdentity,
  WixIdentityService,
  WixInstanceAuth,
  WixPlansService,
  WixPublic,
  WixServicePlugin,
  WixUserAuth,
} from 'nestjs-wix-auth';
import {
  accessMatrix,
  WixAuthTestingModule,
  WixEmulator,
  type AccessMatrix,
  type EmulatedApp,
} from 'nestjs-wix-auth/testing';

import { MANAGE_PRODUCTS, READ_ORDERS, READ_PRODUCTS } from '../support/emulated-site.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';

class OrderDto {
  readonly note!: string;
}

@Controller('orders')
class Orders {
  @Get()
  @WixInstanceAuth({ allow: ['visitor', 'user'], scopes: [READ_PRODUCTS] })
  list() {
    return {};
  }

  @Patch(':id/lines/:line')
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS], anyScope: [READ_ORDERS, READ_PRODUCTS] })
  change(@Param() parameters: object, @Body() order: OrderDto) {
    return { parameters, order };
  }

  @Get('mine')
  @UseGuards(WixAuthGuard)
  @RequireScopes(READ_PRODUCTS)
  mine() {
    return {};
  }

  @Get('priced')
  @WixInstanceAuth({ allow: ['member'] })
  @RequirePlan('basic', 'pro')
  priced() {
    return {};
  }

  @Get('greeting')
  @UseGuards(WixAuthGuard)
  @WixPublic()
  greeting(@WixIdentity.optional() caller: unknown) {
    return { caller };
  }

  @Get('health')
  health() {
    return {};
  }
}

const failuresOf = async ({ cases }: AccessMatrix): Promise<readonly string[]> => {
  const results = await Promise.allSettled(cases.map(({ run }) => run()));
  return results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).message] : []));
};

describe.each(platforms)('accessMatrix on %s', (platform) => {
  let wix: WixEmulator;
  let wixApp: EmulatedApp;
  let running: RunningApp | undefined;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    wixApp = wix.addApp();
  });

  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  afterAll(() => wix.stop());

  async function matrixOf(controller: Type, build?: Parameters<typeof startApp>[2]): Promise<AccessMatrix> {
    @Module({
      imports: [
        WixAuthTestingModule.forApp(wix, wixApp, {
          grants: { userRoles: { managers: [MANAGE_PRODUCTS], readers: [READ_PRODUCTS] } },
        }),
      ],
      controllers: [controller],
    })
    class Root {}
    running = await startApp(platform, { imports: [Root] }, build);
    return accessMatrix(running.app, { wix, install: wix.install(wixApp, wix.addSite()) });
  }

  it('finds that the guards enforce the declarations', async () => {
    const matrix = await matrixOf(Orders);
    expect(await failuresOf(matrix)).toEqual([]);
    expect(matrix.cases.length).toBeGreaterThan(35);
  });

  it('shows every route and caller in a table', async () => {
    const { table } = await matrixOf(Orders);
    const rows = table.split('\n').map((line) => line.split(' | '));
    const row = (route: string): readonly string[] => rows.find(([name]) => name === `| ${route}`)?.slice(2) ?? [];
    const strangers = ['401 CREDENTIALS_MISSING', '401 CREDENTIALS_EXPIRED', '401 CREDENTIALS_WRONG_APP'];
    const no = '403 IDENTITY_NOT_ALLOWED';
    expect(row('GET /orders')).toEqual([
      ...strangers,
      no,
      'passes',
      'passes',
      'passes',
      no,
      'passes',
      `owner, app without ${READ_PRODUCTS} |`,
    ]);
    expect(row('PATCH /orders/:id/lines/:line')).toEqual([
      ...strangers,
      no,
      'passes',
      'passes',
      '403 SCOPE_MISSING',
      no,
      no,
      `owner, app without ${MANAGE_PRODUCTS}; user without ${MANAGE_PRODUCTS}; owner, app without ${READ_ORDERS} or ${READ_PRODUCTS}; user without ${READ_ORDERS} or ${READ_PRODUCTS} |`,
    ]);
    expect(row('GET /orders/mine')).toEqual([
      ...strangers,
      'passes',
      'passes',
      'passes',
      '403 SCOPE_MISSING',
      '403 SCOPE_MISSING',
      '403 SCOPE_MISSING',
      `app, app without ${READ_PRODUCTS}; user without ${READ_PRODUCTS} |`,
    ]);
    expect(row('GET /orders/priced')).toEqual([
      ...strangers,
      ...[no, no, no, no, 'passes', no],
      'member, site without plan basic or pro |',
    ]);
    expect(row('GET /orders/greeting').slice(0, 4)).toEqual(['passes', ...strangers.slice(1), 'passes']);
    expect(row('GET /orders/health')).toEqual([...Array<string>(9).fill('unguarded'), ' |']);
  });

  it('finds a guard that admits a caller the declaration refuses, and names the route', async () => {
    const matrix = await matrixOf(Orders, {
      build: (builder) => builder.overrideGuard(WixAuthGuard).useValue({ canActivate: () => true }),
    });
    const failures = await failuresOf(matrix);
    expect(failures).toContain(
      'GET /orders/mine (Orders.mine), no credential: expected 401 WIX_CREDENTIALS_MISSING, and got 200.',
    );
    expect(failures.every((failure) => /^GET \/orders\/(mine|greeting) /.test(failure))).toBe(true);
  });

  it('finds an address that no route serves, whatever is expected there', async () => {
    @Controller('open')
    class Open {
      @Get()
      @UseGuards(WixAuthGuard)
      @WixPublic()
      open() {
        return {};
      }

      @Post('plugin')
      @WixServicePlugin()
      plugin() {
        return {};
      }
    }
    await matrixOf(Open);
    if (running === undefined) throw new Error('Not running.');
    const request = () => ({ path: '/elsewhere' });
    const failures = await failuresOf(
      accessMatrix(running.app, { wix, install: wix.install(wixApp, wix.addSite()), request }),
    );
    expect(failures).toHaveLength(9 + 1);
    expect(failures).toContain(
      'GET /open (Open.open), visitor: expected to pass, and got 404 (nothing is served there).',
    );
    expect(failures).toContainEqual(
      expect.stringMatching(/^POST \/open\/plugin \(Open\.plugin\) answered 404 \(nothing is served there\)/),
    );
  });

  it('finds a plan that the route does not enforce', async () => {
    const matrix = await matrixOf(Orders, {
      build: (builder) =>
        builder
          .overrideProvider(WixPlansService)
          .useValue({ cachedSatisfy: () => true, require: () => Promise.resolve() }),
    });
    expect(await failuresOf(matrix)).toEqual([
      'GET /orders/priced (Orders.priced), member, site without plan basic or pro: expected 403 WIX_PLAN_REQUIRED, and got 200.',
    ]);
  });

  it('finds a route that refuses a caller the declaration admits', async () => {
    const matrix = await matrixOf(Orders, {
      build: (builder) =>
        builder.overrideProvider(WixIdentityService).useValue({
          cached: () => undefined,
          verify: () => Promise.reject(new Error('Out of order')),
          verifySignedInstance: () => undefined,
        }),
    });
    expect(await failuresOf(matrix)).toContainEqual(
      expect.stringMatching(/^GET \/orders \(Orders\.list\), expired: expected 401/),
    );
  });

  it('shows a scope that was removed and a route that was widened in the table', async () => {
    @Controller('orders')
    class Mistaken extends Orders {
      @Get()
      @WixInstanceAuth({ allow: ['visitor', 'user', 'member'] })
      override list() {
        return {};
      }
    }
    const before = (await matrixOf(Orders)).table.split('\n');
    await running?.close();
    const after = (await matrixOf(Mistaken)).table.split('\n');
    const changed = after.filter((line, index) => line.replace('Mistaken.', 'Orders.') !== before[index]);
    expect(changed).toEqual([expect.stringMatching(/^\| GET \/orders \|/)]);
  });

  it('takes path parameters and bodies from an OpenAPI document, unless they are given', async () => {
    const seen: unknown[] = [];
    @Controller('things')
    class Things {
      @Patch(':id/:part')
      @UseGuards(WixAuthGuard)
      @AllowIdentities('app')
      change(@Param() parameters: object, @Body() body: unknown) {
        seen.push({ ...parameters, body });
        return {};
      }
    }
    await matrixOf(Things);
    if (running === undefined) throw new Error('Not running.');
    const operation = {
      parameters: [
        { in: 'path', name: 'id', example: 17 },
        { in: 'path', name: 'part', schema: { enum: ['lid'] } },
      ],
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
    };
    const document = {
      paths: { '/things/{id}/{part}': { patch: operation } },
      components: { schemas: { Thing: { properties: { name: { example: 'Box' }, size: { default: 3 } } } } },
    };
    const options = { wix, install: wix.install(wixApp, wix.addSite()), document };
    expect(await failuresOf(accessMatrix(running.app, options))).toEqual([]);
    expect(
      await failuresOf(accessMatrix(running.app, { ...options, request: () => ({ body: { own: true } }) })),
    ).toEqual([]);
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(
      new Set([
        JSON.stringify({ id: '17', part: 'lid', body: { name: 'Box', size: 3 } }),
        JSON.stringify({ id: '17', part: 'lid', body: { own: true } }),
      ]),
    );
  });
});
