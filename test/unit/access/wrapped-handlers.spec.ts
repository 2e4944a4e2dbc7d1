import type { Server } from 'node:http';

import { Controller, Get, Injectable, Post, UseGuards, type INestApplication, type Type } from '@nestjs/common';
import request from 'supertest';

import { RequireScopes } from '../../../src/access/decorators/require-scopes.decorator.js';
import { WixIdentity } from '../../../src/access/decorators/wix-identity.decorator.js';
import { WixPublic } from '../../../src/access/decorators/wix-public.decorator.js';
import { WixUserAuth } from '../../../src/access/decorators/wix-user-auth.decorator.js';
import { WixAuthGuard } from '../../../src/access/guards/wix-auth.guard.js';
import type { AnyWixIdentity } from '../../../src/core/identities/wix-identity.js';
import { WixDigest } from '../../../src/signed-requests/wix-digest.decorator.js';
import { WixServicePlugin } from '../../../src/signed-requests/service-plugins/wix-service-plugin.decorator.js';
import { OnWixEvent } from '../../../src/webhooks/events/on-wix-event.decorator.js';
import { errorOf } from '../../support/code-of.js';
import { startApp } from './access-app.js';
import { FakeGrants } from './fake-services.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** A decorator that puts a function of its own in the method's place, as those for transactions or tracing do. */
const wrapping =
  (dress: (wrapper: Method, original: Method) => void): MethodDecorator =>
  (_target, _name, descriptor: PropertyDescriptor) => {
    const original = descriptor.value as Method;
    const wrapper: Method = function (...args) {
      return Reflect.apply(original, this, args);
    };
    dress(wrapper, original);
    descriptor.value = wrapper;
  };

const Bare = (): MethodDecorator => wrapping(() => undefined);
const WithPrototype = (): MethodDecorator =>
  wrapping((wrapper, original) => {
    Object.setPrototypeOf(wrapper, original);
  });
const Copying = (): MethodDecorator =>
  wrapping((wrapper, original) => {
    for (const key of Reflect.getMetadataKeys(original)) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, original), wrapper);
    }
  });

const errorFrom = (host: Type, kind: 'controllers' | 'providers' = 'controllers') =>
  errorOf(async () => {
    await (await startApp({ [kind]: [host] })).close();
  });

describe.each([
  ['has the original as its prototype', WithPrototype],
  ['copies the metadata', Copying],
] as const)('a function that replaces a handler and %s', (_how, Wrapped) => {
  @Controller()
  @UseGuards(WixAuthGuard)
  class Routes {
    @Get('between')
    @Wrapped()
    @WixUserAuth({ scopes: ['SCOPE.BELOW'] })
    between(@WixIdentity('type') type: string) {
      return { type };
    }

    @Get('around')
    @RequireScopes('SCOPE.ABOVE')
    @Wrapped()
    @RequireScopes('SCOPE.BELOW')
    around() {
      return {};
    }

    @Get('public')
    @Wrapped()
    @WixPublic()
    open(@WixIdentity.optional() caller?: AnyWixIdentity) {
      return { type: caller?.type ?? 'nobody' };
    }
  }

  describe.each(['express', 'fastify'] as const)('on %s', (platform) => {
    const grants = new FakeGrants();
    grants.isWarm = false;
    let app: INestApplication<Server>;
    beforeAll(async () => {
      app = await startApp({ controllers: [Routes] }, { platform, grants });
    });
    afterAll(() => app.close());
    const get = (path: string, token?: string) =>
      token === undefined
        ? request(app.getHttpServer()).get(path)
        : request(app.getHttpServer()).get(path).set('authorization', token);

    it('has the authority declared on the original', async () => {
      await get('/between').expect(401);
      await get('/between', 'visitor-token').expect(403);
    });

    it('requires the scopes declared on both', async () => {
      await get('/around', 'user-token').expect(200);
      expect(grants.asked.at(-1)?.scopes).toEqual(['SCOPE.ABOVE', 'SCOPE.BELOW']);
    });

    it('is public where the original is', async () => {
      await get('/public').expect(200, { type: 'nobody' });
      await get('/public', 'visitor-token').expect(200, { type: 'visitor' });
    });
  });
});

describe('a function that replaces a handler without its metadata', () => {
  @Controller()
  class Above {
    @Get('read')
    @WixPublic()
    @UseGuards(WixAuthGuard)
    @Bare()
    read(@WixIdentity.optional() caller?: AnyWixIdentity) {
      return { type: caller?.type ?? 'nobody' };
    }
  }

  it.each(['express', 'fastify'] as const)('still passes the identity (%s)', async (platform) => {
    const app = await startApp({ controllers: [Above] }, { platform });
    await request(app.getHttpServer()).get('/read').expect(200, { type: 'nobody' });
    await request(app.getHttpServer()).get('/read').set('authorization', 'user-token').expect(200, { type: 'user' });
    await app.close();
  });

  const declarations: [string, () => MethodDecorator][] = [
    ['@WixUserAuth()', () => WixUserAuth()],
    ['@RequireScopes()', () => RequireScopes('SCOPE.A')],
    ['@WixPublic()', () => WixPublic()],
    ['@WixServicePlugin()', () => WixServicePlugin()],
    ['@WixDigest()', () => WixDigest()],
  ];

  it.each(declarations)('prevents startup when it hides %s', async (_name, declaration) => {
    @Controller()
    class Routes {
      @Post()
      @Bare()
      @declaration()
      hidden() {
        return {};
      }
    }
    await expect(errorFrom(Routes)).resolves.toMatchObject({
      code: 'WIX_MISCONFIGURED',
      message: expect.stringContaining('Routes.hidden') as string,
    });
  });

  it('prevents startup when it hides a handler of events', async () => {
    @Injectable()
    class SiteLife {
      @Bare()
      @OnWixEvent('AppInstalled')
      installed(): void {
        /* never reached */
      }
    }
    await expect(errorFrom(SiteLife, 'providers')).resolves.toMatchObject({
      message: expect.stringContaining('SiteLife.installed') as string,
    });
  });

  it('prevents startup when a base class has it', async () => {
    class Base {
      @Get('base')
      @Bare()
      @WixUserAuth()
      hidden() {
        return {};
      }
    }
    @Controller()
    class Routes extends Base {}
    await expect(errorFrom(Routes)).resolves.toMatchObject({
      message: expect.stringContaining('Base.hidden') as string,
    });
  });

  it('may be applied below every declaration', async () => {
    @Controller()
    class Routes {
      @Get()
      @WixUserAuth()
      @Bare()
      shown() {
        return {};
      }
    }
    await expect(errorFrom(Routes)).resolves.toBeUndefined();
  });
});

describe('a method that another decorator turns into routes, as @orpc/nest does with a router', () => {
  /** Adds a route for each path, whose function has the original as its prototype and its notes on parameters. */
  const Implement =
    (...paths: readonly string[]): MethodDecorator =>
    (target, name, descriptor: PropertyDescriptor) => {
      const original = descriptor.value as Method;
      for (const path of paths) {
        const added = `${String(name)}_${path}`;
        const wrapper: Method = async function (...args) {
          const answers = (await Reflect.apply(original, this, args)) as Record<string, unknown>;
          return answers[path];
        };
        Object.setPrototypeOf(wrapper, original);
        Object.defineProperty(target, added, { value: wrapper, configurable: true, writable: true });
        for (const key of Reflect.getOwnMetadataKeys(target.constructor, name)) {
          Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, target.constructor, name), target.constructor, added);
        }
        Get(path)(target, added, { value: wrapper });
      }
    };

  @Controller()
  class Products {
    @Implement('list', 'count')
    @RequireScopes('SCOPE.READ')
    products(@WixIdentity('type') type: string) {
      return { list: { type }, count: { type } };
    }
  }

  it.each(['express', 'fastify'] as const)('declares access to these routes (%s)', async (platform) => {
    const grants = new FakeGrants();
    grants.isWarm = false;
    const app = await startApp({ controllers: [Products] }, { platform, grants, globalGuard: true });
    for (const path of ['/list', '/count']) {
      await request(app.getHttpServer()).get(path).expect(401);
      await request(app.getHttpServer()).get(path).set('authorization', 'user-token').expect(200, { type: 'user' });
      expect(grants.asked.at(-1)?.scopes).toEqual(['SCOPE.READ']);
    }
    await app.close();
  });

  it('needs a guard for them', async () => {
    await expect(errorFrom(Products)).resolves.toMatchObject({
      message: expect.stringContaining('Products.products_list (GET /list)') as string,
    });
  });
});
