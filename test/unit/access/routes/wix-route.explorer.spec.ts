import {
  All,
  applyDecorators,
  Controller,
  Get,
  Head,
  Injectable,
  Module,
  Post,
  RequestMethod,
  SetMetadata,
  UseGuards,
  VERSION_NEUTRAL,
  Version,
  VersioningType,
  type LoggerService,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, RouterModule } from '@nestjs/core';

import { AcceptInstanceQuery } from '../../../../src/access/decorators/accept-instance-query.decorator.js';
import { AllowIdentities } from '../../../../src/access/decorators/allow-identities.decorator.js';
import { RequireAnyScope } from '../../../../src/access/decorators/require-any-scope.decorator.js';
import { RequireScopes } from '../../../../src/access/decorators/require-scopes.decorator.js';
import { WixAccess } from '../../../../src/access/guards/wix-access.service.js';
import { WixAuthGuard } from '../../../../src/access/guards/wix-auth.guard.js';
import { WixIdentity } from '../../../../src/access/decorators/wix-identity.decorator.js';
import { WixInstanceAuth } from '../../../../src/access/decorators/wix-instance-auth.decorator.js';
import { WixPublic } from '../../../../src/access/decorators/wix-public.decorator.js';
import { WixUserAuth } from '../../../../src/access/decorators/wix-user-auth.decorator.js';
import { WixUserGuard } from '../../../../src/access/guards/wix-user.guard.js';
import { errorOf } from '../../../support/code-of.js';
import { accessModule, startApp, type AccessAppOptions } from '../access-app.js';

class RecordingLogger implements LoggerService {
  readonly logged: string[] = [];

  log(message: string, context?: string): void {
    if (context === 'WixAuthModule') this.logged.push(message);
  }

  error(): void {
    /* not recorded */
  }

  warn(): void {
    /* not recorded */
  }
}

/** Starts an app and tells the error it fails with, or the lines it logs. */
async function start(app: ModuleMetadata, options: AccessAppOptions = {}) {
  const logger = new RecordingLogger();
  const error = await errorOf(async () => {
    await (await startApp(app, { logger, ...options })).close();
  });
  return { error, logged: logger.logged };
}

describe('WixRouteExplorer', () => {
  describe('at start-up', () => {
    it('names every handler that contradicts itself, in one error', async () => {
      @Controller('products')
      class Products {
        @Get('mine')
        @WixUserAuth()
        @AllowIdentities('visitor')
        mine() {
          return {};
        }

        @Get()
        @WixUserAuth()
        @WixInstanceAuth()
        both() {
          return {};
        }

        @Post()
        @UseGuards(WixAuthGuard)
        @AcceptInstanceQuery()
        create() {
          return {};
        }

        @Get('good')
        @WixUserAuth()
        good() {
          return {};
        }
      }
      const { error } = await start({ controllers: [Products] });
      expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
      expect(error?.message.split('\n').slice(1)).toEqual([
        expect.stringContaining('Products.mine (GET /products/mine)'),
        expect.stringContaining('Products.both (GET /products)'),
        expect.stringContaining('Products.create (POST /products)'),
      ]);
    });

    it('names a handler once, however many modules and registrations see it', async () => {
      @Controller()
      class Routes {
        @Get()
        @RequireScopes('SCOPE.A')
        list() {
          return {};
        }
      }
      @Module({ controllers: [Routes] })
      class Again {}
      const { error } = await start({ controllers: [Routes], imports: [Again, accessModule({}, false)] });
      expect(error?.message.split('\n')).toHaveLength(2);
    });

    it.each([
      RequireScopes('SCOPE.A'),
      RequireAnyScope('SCOPE.A'),
      AllowIdentities('user'),
      AcceptInstanceQuery(),
    ] as MethodDecorator[])('requires a guard for a handler that declares who may call', async (declares) => {
      @Controller()
      class Routes {
        @Get()
        @declares
        list() {
          return {};
        }
      }
      expect((await start({ controllers: [Routes] })).error?.message).toContain('Routes.list (GET /)');
      expect((await start({ controllers: [Routes] }, { globalGuard: true })).error).toBeUndefined();
    });

    it('requires a guard for a handler that inherits its declaration', async () => {
      class Base {
        @Get()
        @RequireScopes('SCOPE.A')
        list() {
          return {};
        }
      }
      @Controller('open')
      class Open extends Base {}
      @Controller('closed')
      @UseGuards(WixUserGuard)
      class Closed extends Base {}

      const { error } = await start({ controllers: [Open, Closed] });
      expect(error?.message).toContain('Open.list');
      expect(error?.message).not.toContain('Closed.list');
    });

    it.each([
      ['@WixIdentity()', WixIdentity(), []],
      ['@WixIdentity.optional()', WixIdentity.optional('type'), []],
      ['@WixIdentity.optional(), although public,', WixIdentity.optional(), [WixPublic()]],
    ] as const)('requires a guard for a handler that reads %s', async (_name, reads, declares) => {
      @Controller()
      class Routes {
        @Get()
        @applyDecorators(...declares)
        list(@reads identity?: object) {
          return identity ?? {};
        }
      }
      expect((await start({ controllers: [Routes] })).error?.message).toMatch(/Routes\.list \(GET \/\).*WixIdentity/);
      const underGlobalGuard = await start({ controllers: [Routes] }, { globalGuard: true });
      expect(underGlobalGuard.error).toBeUndefined();
    });

    it('allows public handlers without a guard', async () => {
      @Controller()
      class Routes {
        @Get()
        @WixPublic()
        list() {
          return {};
        }
      }
      expect((await start({ controllers: [Routes] })).error).toBeUndefined();
    });

    it('recognizes subclasses, instances and global guards as ours', async () => {
      @Injectable()
      class StaffGuard extends WixUserGuard {}

      @Controller()
      class Routes {
        @Get('subclass')
        @UseGuards(StaffGuard)
        @RequireScopes('SCOPE.A')
        subclass() {
          return {};
        }

        @Get('global')
        @RequireScopes('SCOPE.A')
        global() {
          return {};
        }
      }
      const providers = [{ provide: APP_GUARD, useClass: StaffGuard }];
      expect((await start({ controllers: [Routes], providers })).error).toBeUndefined();
      const configure: AccessAppOptions['configure'] = (app) =>
        app.useGlobalGuards(new WixUserGuard(app.get(WixAccess, { strict: false })));
      expect((await start({ controllers: [Routes] }, { configure })).error).toBeUndefined();
      expect((await start({ controllers: [Routes] })).error?.message).toContain('Routes.global');
    });

    it.each([
      ['GET', Get(), true],
      ['HEAD', Head(), true],
      ['POST', Post(), false],
      ['ALL', All(), false],
    ] as const)('allows an instance in the query of a %s route: %#', async (_method, route, isAllowed) => {
      @Controller()
      class Routes {
        @route
        @UseGuards(WixAuthGuard)
        @AcceptInstanceQuery()
        page() {
          return {};
        }
      }
      expect((await start({ controllers: [Routes] })).error === undefined).toBe(isAllowed);
    });

    describe('under a global guard', () => {
      const onSocket = SetMetadata('websockets:message_mapping', true);
      const fromQueue = SetMetadata('microservices:handler_type', 1);
      const asGateway = SetMetadata('websockets:is_gateway', true);
      const asController = Controller();
      const alone = SetMetadata('of others', true);

      const handlerWith = (takes: MethodDecorator, declares: MethodDecorator, dress: ClassDecorator): Type => {
        @dress
        class Handlers {
          @takes
          @declares
          handle() {
            return {};
          }
        }
        return Handlers;
      };
      const globally = async (host: Type, kind: 'controllers' | 'providers') =>
        (await start({ [kind]: [host] }, { globalGuard: true })).error?.message;
      const byItself = async (host: Type, kind: 'controllers' | 'providers') =>
        (
          await start(
            { [kind]: [host] },
            { configure: (app) => app.useGlobalGuards(new WixAuthGuard(app.get(WixAccess, { strict: false }))) },
          )
        ).error?.message;

      it.each([
        ['gateways', onSocket, asGateway, 'providers'],
        ['microservices', fromQueue, asController, 'controllers'],
      ] as const)('requires a guard for the message handlers of %s', async (_name, takes, dress, kind) => {
        expect(await globally(handlerWith(takes, alone, dress), kind)).toMatch(/Handlers\.handle: .*global guard/);
        expect(await byItself(handlerWith(takes, alone, dress), kind)).toMatch(/Handlers\.handle: .*global guard/);
        for (const declares of [UseGuards(WixAuthGuard), WixUserAuth(), WixPublic()]) {
          expect(await globally(handlerWith(takes, declares, dress), kind)).toBeUndefined();
        }
        const onClass = applyDecorators(dress, UseGuards(WixUserGuard));
        expect(await globally(handlerWith(takes, alone, onClass), kind)).toBeUndefined();
        expect((await start({ [kind]: [handlerWith(takes, alone, dress)] })).error).toBeUndefined();
      });

      it('ignores functions that other decorators call', async () => {
        expect(await globally(handlerWith(alone, alone, asController), 'controllers')).toBeUndefined();
        expect(await globally(handlerWith(alone, alone, asGateway), 'providers')).toBeUndefined();
      });
    });

    it('checks resolvers and gateways as well', async () => {
      const query = SetMetadata('graphql:resolver_type', 'Query');
      @Injectable()
      class Resolver {
        @query
        @RequireScopes('not a scope')
        products() {
          return [];
        }
      }
      @Injectable()
      @SetMetadata('websockets:is_gateway', true)
      class Gateway {
        @SetMetadata('websockets:message_mapping', true)
        @RequireScopes('SCOPE.A')
        message() {
          return [];
        }
      }
      const { error } = await start({ providers: [Resolver, Gateway] }, { globalGuard: true });
      expect(error?.message.split('\n').slice(1)).toEqual([
        expect.stringContaining('Resolver.products: '),
        // Whether global guards reach a gateway depends on the version of Nest.
        expect.stringContaining('Gateway.message: '),
      ]);
    });

    it('ignores what it cannot inspect', async () => {
      const providers = [
        { provide: 'factory', useFactory: () => new Proxy({}, { getPrototypeOf: () => null }) },
        { provide: 'value', useValue: null },
      ];
      expect((await start({ providers })).error).toBeUndefined();
    });
  });

  describe('the table of routes', () => {
    it('shows method, path, callers, scopes and who must hold them', async () => {
      @Controller('products')
      class Products {
        @Get()
        @WixInstanceAuth({ allow: ['visitor', 'member'], scopes: ['SCOPE.READ'] })
        list() {
          return {};
        }

        @Post(':id')
        @RequireScopes('SCOPE.A')
        @WixUserAuth({ scopes: ['SCOPE.B'], anyScope: ['SCOPE.C', 'SCOPE.D'] })
        create() {
          return {};
        }

        @Get('me')
        @UseGuards(WixAuthGuard)
        me() {
          return {};
        }

        @Get('health')
        @WixPublic()
        @UseGuards(WixAuthGuard)
        health() {
          return {};
        }

        @Get('unguarded')
        unguarded() {
          return {};
        }
      }
      expect((await start({ controllers: [Products] })).logged).toEqual([
        [
          'Guarded routes:',
          'GET   /products         visitor, member             SCOPE.READ                               app',
          'POST  /products/:id     user                        SCOPE.A + SCOPE.B + (SCOPE.C | SCOPE.D)  app ∩ user',
          'GET   /products/me      app, user, member, visitor',
          'GET   /products/health  public',
        ].join('\n'),
      ]);
    });

    it('is not logged when it is empty', async () => {
      @Controller()
      class Routes {
        @Get()
        list() {
          return {};
        }
      }
      expect((await start({ controllers: [Routes] })).logged).toEqual([]);
    });

    it('shows routes at their served addresses', async () => {
      @Controller({ path: ['shop', 'store'], version: '2' })
      @UseGuards(WixUserGuard)
      class Shop {
        @Get(['list', 'all'])
        list() {
          return {};
        }

        @Get('health')
        @Version([VERSION_NEUTRAL, '3'])
        health() {
          return {};
        }
      }
      @Module({ controllers: [Shop] })
      class ShopModule {}

      const { logged } = await start(
        { imports: [ShopModule, RouterModule.register([{ path: 'admin', module: ShopModule }])] },
        {
          configure: (app) => {
            app.setGlobalPrefix('api', { exclude: [{ path: 'admin/shop/health', method: RequestMethod.GET }] });
            app.enableVersioning({ type: VersioningType.URI });
          },
        },
      );
      expect(
        logged[0]
          ?.split('\n')
          .slice(1)
          .map((line) => line.split(/ +/)[1]),
      ).toEqual([
        '/api/v2/admin/shop/list',
        '/api/v2/admin/shop/all',
        '/api/v2/admin/store/list',
        '/api/v2/admin/store/all',
        '/admin/shop/health',
        '/v3/admin/shop/health',
        '/api/admin/store/health',
        '/api/v3/admin/store/health',
      ]);
    });

    it('lists under each registration the routes whose guards use it', async () => {
      const first = accessModule({}, false);
      const second = accessModule({}, false);
      @Controller('first')
      @UseGuards(WixUserGuard)
      class First {
        @Get()
        list() {
          return {};
        }
      }
      @Controller('second')
      @UseGuards(WixUserGuard)
      class Second {
        @Get()
        list() {
          return {};
        }
      }
      @Module({ imports: [first], controllers: [First] })
      class FirstModule {}
      @Module({ imports: [second], controllers: [Second] })
      class SecondModule {}

      const { logged } = await start({ imports: [FirstModule, SecondModule] });
      expect(logged).toHaveLength(2);
      expect(logged.map((table) => ['/first', '/second'].filter((path) => table.includes(path)))).toEqual(
        expect.arrayContaining([['/first'], ['/second']]),
      );
    });
  });
});
