import { Controller, Get, Module, UseGuards, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import {
  OnWixEvent,
  RequireScopes,
  WixAuthGuard,
  WixPublic,
  wixRoutes,
  WixUserAuth,
  WixUserGuard,
} from 'nestjs-wix-auth';

import { needsTable, routesTable } from '../../../src/cli/route-tables.js';
import { checkManifest } from '../../../src/manifest/manifest-check.js';
import { manifestOf } from '../../../src/manifest/manifest-of.js';
import { errorOf } from '../../support/code-of.js';
import { DeclaredModule, MANAGE, newApp, ORDERS, READ, registration } from './declared-app.js';

const open = {
  callers: [],
  scopes: [],
  anyScopes: [],
  reportedScopes: [],
  plans: [],
  acceptsInstanceQuery: false,
  looksUpRoles: false,
};
const guarded = { ...open, access: 'guarded', verifiesCredentials: true };
const unguarded = { ...open, access: 'unguarded', verifiesCredentials: false };
const signed = { ...open, access: 'signed', verifiesCredentials: false };

const declared = [
  {
    ...guarded,
    kind: 'http',
    name: 'GET /api/v1/shop/products',
    method: 'GET',
    path: '/api/v1/shop/products',
    handler: 'Products.list',
    authority: 'instance',
    callers: ['user', 'visitor'],
    scopes: [READ],
  },
  {
    ...guarded,
    kind: 'http',
    name: 'POST /api/v1/shop/products/:id',
    method: 'POST',
    path: '/api/v1/shop/products/:id',
    handler: 'Products.change',
    authority: 'user',
    callers: ['user'],
    scopes: [MANAGE],
    anyScopes: [[READ, ORDERS]],
    looksUpRoles: true,
  },
  {
    ...guarded,
    kind: 'http',
    name: 'GET /api/v1/shop/products/page',
    method: 'GET',
    path: '/api/v1/shop/products/page',
    handler: 'Products.page',
    authority: 'user',
    callers: ['user'],
    acceptsInstanceQuery: true,
  },
  {
    ...open,
    kind: 'http',
    name: 'GET /api/v1/shop/products/greeting',
    method: 'GET',
    path: '/api/v1/shop/products/greeting',
    handler: 'Products.greeting',
    access: 'public',
    verifiesCredentials: true,
  },
  {
    ...unguarded,
    kind: 'http',
    name: 'GET /api/v1/shop/products/health',
    method: 'GET',
    path: '/api/v1/shop/products/health',
    handler: 'Products.health',
  },
  {
    ...signed,
    kind: 'service-plugin',
    name: 'POST /api/v1/shop/products/plugin',
    method: 'POST',
    path: '/api/v1/shop/products/plugin',
    handler: 'Products.plugin',
  },
  {
    ...guarded,
    kind: 'message',
    name: 'message orders.create',
    handler: 'Messages.create',
    authority: 'auth',
    callers: ['app', 'user', 'member', 'visitor'],
    scopes: [ORDERS],
    anyScopes: [[READ, MANAGE]],
    looksUpRoles: true,
  },
  {
    ...guarded,
    kind: 'graphql',
    name: 'graphql Query.products',
    handler: 'ProductResolver.all',
    authority: 'user',
    callers: ['user'],
    scopes: [READ],
    looksUpRoles: true,
  },
  {
    ...guarded,
    kind: 'graphql',
    name: 'graphql Product.reviews',
    handler: 'ProductResolver.reviews',
    authority: 'auth',
    callers: ['member'],
  },
  { ...unguarded, kind: 'message', name: 'message hello', handler: 'Gateway.hello' },
  { ...signed, kind: 'event', name: 'event AppRemoved', handler: 'Events.changed' },
  { ...signed, kind: 'event', name: 'event wix.contacts.v4.contact_created', handler: 'Events.changed' },
];

describe('wixRoutes', () => {
  it('returns who may call every handler, at its address, before the application starts', async () => {
    const app = await newApp([DeclaredModule]);
    expect(wixRoutes(app)).toEqual(declared);
    await app.close();
  });

  it('returns the same in preview mode, where nothing is instantiated', async () => {
    const app = await newApp([DeclaredModule], { preview: true });
    expect(wixRoutes(app)).toEqual(declared);
  });

  it('returns plain, frozen data', async () => {
    const rows = wixRoutes(await newApp([DeclaredModule], { preview: true }));
    expect(JSON.parse(JSON.stringify(rows))).toEqual(declared);
    expect([rows, ...rows, ...rows.map(({ scopes }) => scopes)].every(Object.isFrozen)).toBe(true);
  });

  it.each([false, true])('includes the global guard of a registration (preview: %s)', async (preview) => {
    @Controller()
    class Routes {
      @Get('closed')
      closed() {
        return {};
      }

      @OnWixEvent('AppRemoved')
      removed() {
        return {};
      }

      @Get('open')
      @WixPublic()
      open() {
        return {};
      }
    }
    @Module({ controllers: [Routes] })
    class RoutesModule {}
    const app = await newApp([RoutesModule], { globalGuard: true, preview, webhooks: true });
    const rows = wixRoutes(app);
    expect(rows.find(({ kind }) => kind === 'event')).toMatchObject({ callers: [], scopes: [] });
    expect(rows.map(({ name, access }) => [name, access])).toEqual([
      ['POST /api/wix/webhooks', 'signed'],
      ['GET /api/v1/shop/closed', 'guarded'],
      ['event AppRemoved', 'signed'],
      ['GET /api/v1/shop/open', 'public'],
    ]);
  });

  it.each([
    ['a class', { provide: APP_GUARD, useClass: WixUserGuard }, false],
    ['an alias', { provide: APP_GUARD, useExisting: WixUserGuard }, false],
    ['a class', { provide: APP_GUARD, useClass: WixUserGuard }, true],
    ['an alias', { provide: APP_GUARD, useExisting: WixUserGuard }, true],
  ])('includes a global guard given as %s %#', async (_form, provider, preview) => {
    @Controller()
    class Routes {
      @Get()
      list() {
        return {};
      }
    }
    @Module({ controllers: [Routes], providers: [WixUserGuard, provider] })
    class RoutesModule {}
    const [row] = wixRoutes(await newApp([RoutesModule], { preview }));
    expect(row).toMatchObject({ access: 'guarded', authority: 'user', callers: ['user'] });
  });

  it('shows a method that handles requests and messages as both', async () => {
    @Controller()
    class Both {
      @Get('stock')
      @MessagePattern('stock.get')
      @UseGuards(WixAuthGuard)
      @RequireScopes(READ)
      get() {
        return {};
      }

      @Get('status')
      @MessagePattern('status.get')
      @WixPublic()
      status() {
        return {};
      }
    }
    @Module({ controllers: [Both] })
    class BothModule {}
    const rows = wixRoutes(await newApp([BothModule], { preview: true, globalGuard: true }));
    expect(rows.map(({ kind, name, access, scopes }) => [kind, name, access, scopes])).toEqual([
      ['http', 'GET /api/v1/shop/stock', 'guarded', [READ]],
      ['message', 'message stock.get', 'guarded', [READ]],
      ['http', 'GET /api/v1/shop/status', 'public', []],
      ['message', 'message status.get', 'public', []],
    ]);
  });

  describe('with several registrations', () => {
    @Controller('one')
    class One {
      @Get()
      @WixUserAuth({ scopes: [READ] })
      get() {
        return {};
      }
    }
    @Controller('two')
    class Two {
      @Get()
      @WixUserAuth({ scopes: [READ] })
      get() {
        return {};
      }

      @Get('stock')
      @WixUserAuth({ anyScope: [MANAGE, ORDERS] })
      stock() {
        return {};
      }
    }
    const featureOf = (controllers: Type[]): Type => {
      @Module({ imports: [registration({ isGlobal: false })], controllers })
      class FeatureModule {}
      return FeatureModule;
    };
    @Module({ imports: [featureOf([One]), featureOf([Two])] })
    class AppModule {}

    const routesIn = async (preview: boolean) =>
      wixRoutes(await NestFactory.create(AppModule, { logger: false, preview }));

    it.each([false, true])('names the one that guards each handler (preview: %s)', async (preview) => {
      expect((await routesIn(preview)).map(({ name, registration: of }) => [name, of])).toEqual([
        ['GET /one', 'FeatureModule'],
        ['GET /two', 'FeatureModule 2'],
        ['GET /two/stock', 'FeatureModule 2'],
      ]);
    });

    it('separates in the manifest what each app has to request', async () => {
      const manifest = await manifestOf(await routesIn(true));
      const contributors = 'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS';
      expect(manifest.scopes.map(({ registration: of, id, requiredBy }) => [of, id, requiredBy.length])).toEqual([
        ['FeatureModule', contributors, 1],
        ['FeatureModule', READ, 1],
        ['FeatureModule 2', contributors, 2],
        ['FeatureModule 2', READ, 1],
      ]);
      expect(manifest.oneOf).toMatchObject([{ registration: 'FeatureModule 2', scopes: [MANAGE, ORDERS] }]);
      expect(manifest.routes.map(({ registration: of }) => of)).toEqual([
        'FeatureModule',
        'FeatureModule 2',
        'FeatureModule 2',
      ]);
      expect(checkManifest(manifest, manifest)).toEqual({ failures: [], notes: [] });
      const agreed = { ...manifest, scopes: manifest.scopes.filter(({ registration: of }) => of === 'FeatureModule') };
      expect(checkManifest(agreed, manifest).failures).toContain(
        `GET /two needs ${READ}, which the manifest lacks for FeatureModule 2.`,
      );
      expect(needsTable(manifest)[0]).toEqual(['Scope', 'Name', 'Needed by', 'Registration']);
      expect(routesTable(await routesIn(true)).map((row) => row.at(-1))).toEqual([
        'Registration',
        'FeatureModule',
        'FeatureModule 2',
        'FeatureModule 2',
      ]);
    });
  });

  it('refuses contradictory declarations, naming the handlers', async () => {
    @Controller()
    class Routes {
      @Get('unguarded')
      @RequireScopes(READ)
      unguarded() {
        return {};
      }

      @Get('contradiction')
      @UseGuards(WixAuthGuard)
      @WixUserAuth({ scopes: [READ] })
      @WixPublic()
      contradiction() {
        return {};
      }
    }
    @Module({ controllers: [Routes] })
    class RoutesModule {}
    const app = await newApp([RoutesModule], { preview: true });
    const error = await errorOf(() => Promise.resolve(wixRoutes(app)));
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
    expect(error?.message).toContain('Routes.unguarded: it declares who may call');
    expect(error?.message).toContain('Routes.contradiction: the method has @WixPublic together with scopes');
  });
});
