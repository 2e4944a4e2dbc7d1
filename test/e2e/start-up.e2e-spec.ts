import {
  applyDecorators,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Module,
  Post,
  UseGuards,
  VersioningType,
  type CanActivate,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import {
  AcceptInstanceQuery,
  AllowIdentities,
  RequireAnyScope,
  RequireScopes,
  WixAuthGuard,
  WixAuthModule,
  WixIdentity,
  WixInstanceAuth,
  WixInstanceGuard,
  WixPublic,
  WixUserAuth,
  WixUserGuard,
} from 'nestjs-wix-auth';
import { emulatedOptions, WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { errorOf } from '../support/code-of.js';
import { MANAGE_PRODUCTS, READ_ORDERS, READ_PRODUCTS } from '../support/emulated-site.js';
import { platforms, startApp, type StartOptions } from '../support/running-app.js';

type Decorators = readonly (ClassDecorator & MethodDecorator)[];

/** What stands on a controller and its one route. */
interface Declared {
  readonly what: string;
  readonly onClass?: Decorators;
  readonly onMethod?: Decorators;
}

function controllerWith({ onClass = [], onMethod = [] }: Declared): Type {
  @Controller('things')
  @applyDecorators(...onClass)
  class ThingsController {
    @Get('one')
    @applyDecorators(...onMethod)
    handle() {
      return {};
    }
  }
  return ThingsController;
}

@Injectable()
class OwnUserGuard extends WixUserGuard {}

@Injectable()
class ForeignGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

const guardAsInstance = new WixUserGuard(undefined);
const on = (...decorators: unknown[]): Decorators => decorators as Decorators;

const contradictions: readonly Declared[] = [
  {
    what: 'a user-only guard with identities that exclude users',
    onMethod: on(WixUserAuth(), AllowIdentities('visitor')),
  },
  { what: 'a user-only guard with users and others', onMethod: on(WixUserAuth(), AllowIdentities('user', 'app')) },
  {
    what: 'others below a user-only guard of the class',
    onClass: on(WixUserAuth()),
    onMethod: on(AllowIdentities('user', 'visitor')),
  },
  {
    what: 'a public route with scopes',
    onMethod: on(WixPublic(), UseGuards(WixAuthGuard), RequireScopes(READ_PRODUCTS)),
  },
  {
    what: 'a public class with scopes',
    onClass: on(WixPublic(), UseGuards(WixAuthGuard), RequireAnyScope(READ_PRODUCTS)),
  },
  {
    what: 'a public route with identities',
    onMethod: on(WixPublic(), UseGuards(WixAuthGuard), AllowIdentities('user')),
  },
  { what: 'a public route with a guard for users', onMethod: on(WixPublic(), WixUserAuth()) },
  { what: 'two authorities on a method', onMethod: on(UseGuards(WixUserGuard, WixInstanceGuard)) },
  { what: 'two authorities on a class', onClass: on(WixUserAuth(), WixInstanceAuth()) },
  { what: 'two authorities, one by a subclass', onMethod: on(UseGuards(OwnUserGuard), WixInstanceAuth()) },
  {
    what: 'two authorities, one by an instance',
    onMethod: on(UseGuards(guardAsInstance), UseGuards(WixInstanceGuard)),
  },
  { what: 'scopes with no guard', onMethod: on(RequireScopes(READ_PRODUCTS)) },
  { what: 'scopes of a class with no guard', onClass: on(RequireAnyScope(READ_PRODUCTS)) },
  {
    what: 'scopes with a foreign guard only',
    onMethod: on(UseGuards(ForeignGuard), RequireScopes(READ_PRODUCTS)),
  },
  { what: 'identities with no guard', onMethod: on(AllowIdentities('user')) },
  { what: 'an opted-in query with no guard', onMethod: on(AcceptInstanceQuery()) },
  { what: 'a scope in lower case', onMethod: on(WixUserAuth({ scopes: ['scope.dc-stores.read-products'] })) },
  { what: 'two scopes in one text', onMethod: on(WixUserAuth({ scopes: [`${READ_PRODUCTS} ${READ_ORDERS}`] })) },
  { what: 'a scope by its label', onMethod: on(WixInstanceAuth({ anyScope: ['Manage Products'] })) },
  { what: 'an empty list of scopes', onMethod: on(WixUserAuth(), RequireScopes()) },
  { what: 'no identity at all', onMethod: on(UseGuards(WixAuthGuard), AllowIdentities()) },
  { what: 'an unknown identity', onMethod: on(UseGuards(WixAuthGuard), AllowIdentities('admin' as 'user')) },
  { what: 'two lists of identities', onMethod: on(WixInstanceAuth({ allow: ['user'] }), AllowIdentities('visitor')) },
];

describe.each(platforms)('Starting on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  afterAll(() => wix.stop());

  const start = async (controllers: Type[], globalGuard = false, options?: StartOptions): Promise<void> => {
    const imports = [WixAuthTestingModule.forApp(wix, app, { globalGuard })];
    const running = await startApp(platform, { imports, controllers }, options);
    await running.close();
  };

  describe('is refused, naming the route, for', () => {
    const refusal = (...texts: string[]) => ({
      code: 'WIX_MISCONFIGURED',
      message: expect.stringMatching(new RegExp(texts.join('[^]*'))),
    });

    it.each(contradictions)('$what', async (declared) => {
      const error = await errorOf(() => start([controllerWith(declared)]));
      expect(error).toMatchObject(refusal('ThingsController\\.handle \\(GET /things/one\\)'));
    });

    it('an opted-in query of a route that is not GET', async () => {
      @Controller('things')
      class PostingController {
        @Post()
        @WixUserAuth()
        @AcceptInstanceQuery()
        post() {
          return {};
        }
      }
      const error = await errorOf(() => start([PostingController]));
      expect(error).toMatchObject(refusal('PostingController\\.post \\(POST /things\\)'));
    });

    it('a public route that requires an identity', async () => {
      @Controller('things')
      class InsistingController {
        @Get()
        @WixPublic()
        insist(@WixIdentity('type') type: string) {
          return type;
        }
      }
      const error = await errorOf(() => start([InsistingController], true));
      expect(error).toMatchObject(refusal('InsistingController\\.insist \\(GET /things\\)'));
    });

    it('an inherited handler without the guard of its class', async () => {
      abstract class Base {
        @Get('inherited')
        @RequireScopes(READ_PRODUCTS)
        inherited() {
          return {};
        }
      }
      @Controller('guarded')
      @WixUserAuth()
      class GuardedController extends Base {}
      @Controller('forgotten')
      class ForgottenController extends Base {}

      const error = await errorOf(() => start([GuardedController, ForgottenController]));
      expect(error).toMatchObject(refusal('ForgottenController\\.inherited \\(GET /forgotten/inherited\\)'));
      expect(String(error)).not.toContain('GuardedController');
    });

    it('a guard where no registration is imported, or only one that is not visible', async () => {
      @Controller('things')
      class GuardedController {
        @Get()
        @WixUserAuth()
        list() {
          return {};
        }
      }
      @Module({ imports: [WixAuthTestingModule.forApp(wix, app, { isGlobal: false })] })
      class ElsewhereModule {}

      const started = (imports: ModuleMetadata['imports']) =>
        errorOf(async () => {
          await (await startApp(platform, { imports: imports ?? [], controllers: [GuardedController] })).close();
        });
      expect(await started([])).toMatchObject(refusal('WixUserGuard', 'forRoot'));
      expect(await started([WixAuthModule])).toMatchObject(refusal('without options', 'forRoot'));
      expect(await started([ElsewhereModule])).toMatchObject(refusal('WixUserGuard', 'isGlobal'));
    });

    it('every contradictory route, in one message with the paths as served', async () => {
      const [one, other] = contradictions;
      @Controller('others')
      class OthersController extends controllerWith(one ?? { what: '' }) {}
      const configure: StartOptions['configure'] = (nest) => {
        nest.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: '2' });
      };
      const error = await errorOf(() =>
        start([controllerWith(other ?? { what: '' }), OthersController], false, { configure }),
      );
      expect(error).toMatchObject(refusal('GET /api/v2/things/one', 'GET /api/v2/others/one'));
    });
  });

  describe('is not refused for', () => {
    it.each<Declared>([
      {
        what: 'one authority several times',
        onClass: on(WixUserAuth()),
        onMethod: on(UseGuards(WixUserGuard), WixUserAuth()),
      },
      {
        what: 'a guard on the method that differs from the class',
        onClass: on(WixInstanceAuth()),
        onMethod: on(WixUserAuth()),
      },
      {
        what: 'a public method of a guarded class',
        onClass: on(WixUserAuth({ scopes: [READ_PRODUCTS] })),
        onMethod: on(WixPublic()),
      },
      {
        what: 'a user-only method of a class that allows others',
        onClass: on(UseGuards(WixAuthGuard), AllowIdentities('app', 'visitor')),
        onMethod: on(WixUserAuth()),
      },
      { what: 'WixAuthGuard beside another guard of ours', onMethod: on(UseGuards(WixAuthGuard), WixUserAuth()) },
      {
        what: 'permission ids',
        onMethod: on(WixUserAuth({ scopes: ['WIX_STORES.READ_PRODUCTS', 'stores:catalog:v3:promotion:read_events'] })),
      },
    ])('$what', async (declared) => {
      await expect(start([controllerWith(declared)])).resolves.toBeUndefined();
    });

    it('scopes under the global guard', async () => {
      const declared = { what: 'scopes', onMethod: on(RequireScopes(READ_PRODUCTS)) };
      await expect(start([controllerWith(declared)], true)).resolves.toBeUndefined();
    });

    it('scopes under a guard that the app made global itself', async () => {
      const declared = { what: 'scopes', onMethod: on(RequireScopes(READ_PRODUCTS)) };
      const configure: StartOptions['configure'] = (nest) => nest.useGlobalGuards(guardAsInstance);
      await expect(start([controllerWith(declared)], false, { configure })).resolves.toBeUndefined();
    });
  });

  it.each([
    ['summary', ['Guarded routes: 1, of which 0 are public and 0 require scopes.']],
    ['none', []],
  ] as const)('logs a %s of the routes where configured', async (routes, expected) => {
    @Controller('things')
    class ThingsController {
      @Get()
      @UseGuards(WixAuthGuard)
      list() {
        return {};
      }
    }
    const logs = new CapturedLogs();
    const imports = [WixAuthModule.forRoot({ ...emulatedOptions(wix, app), logging: { routes } })];
    const configure: StartOptions['configure'] = (nest) => {
      nest.useLogger(logs);
    };
    await (await startApp(platform, { imports, controllers: [ThingsController] }, { configure })).close();

    expect(logs.of('log', 'WixAuthModule').filter((text) => text.includes('routes'))).toEqual(expected);
  });

  it('logs a table of the routes: method, path, callers, scopes and who must hold them', async () => {
    @Controller('products')
    class ProductsController {
      @Get()
      @WixInstanceAuth({ allow: ['visitor', 'member'], scopes: [READ_PRODUCTS] })
      list() {
        return {};
      }

      @Post()
      @HttpCode(201)
      @RequireScopes(MANAGE_PRODUCTS)
      @WixUserAuth({ anyScope: [READ_PRODUCTS, READ_ORDERS] })
      create() {
        return {};
      }

      @Get('health')
      @WixPublic()
      health() {
        return {};
      }

      @Get('whoami')
      whoami() {
        return {};
      }
    }
    const logs = new CapturedLogs();
    const configure: StartOptions['configure'] = (nest) => {
      nest.setGlobalPrefix('api').useLogger(logs);
    };
    await start([ProductsController], true, { configure });

    const record = logs.of('log', 'WixAuthModule').find((text) => text.includes('routes'));
    const [title, ...rows] = record?.split('\n') ?? [];
    expect(title).toBe('Guarded routes:');
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['GET', '/api/products', 'visitor, member', READ_PRODUCTS, 'app'],
      ['POST', '/api/products', 'user', `${MANAGE_PRODUCTS} + (${READ_PRODUCTS} | ${READ_ORDERS})`, 'app ∩ user'],
      ['GET', '/api/products/health', 'public'],
      ['GET', '/api/products/whoami', 'app, user, member, visitor'],
    ]);
  });
});
