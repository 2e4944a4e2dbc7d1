import assert from 'node:assert/strict';

import {
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  UseGuards,
  type DynamicModule,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import type * as Package from 'nestjs-wix-auth';
import type { EmulatedApp, EmulatedInstall, EmulatedSite, WixEmulator } from 'nestjs-wix-auth/testing';

/** Two copies of the package in one process: the application's, and the one a feature library brought along. */
export interface Copies {
  readonly own: typeof Package;
  readonly other: typeof Package;
}

/** Where the cases run. */
export interface CaseContext extends Copies {
  readonly wix: WixEmulator;
  readonly app: EmulatedApp;
  readonly site: EmulatedSite;
  readonly install: EmulatedInstall;
  /** Starts an application, calls `use` with its address and closes it. */
  serve(metadata: ModuleMetadata, use: (url: string) => Promise<void>): Promise<void>;
}

/** Something that must hold with two copies. */
export interface CopyCase {
  readonly what: string;
  run(context: CaseContext): Promise<void>;
}

const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';
const MANAGE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';

type Decorators = (copies: Copies) => readonly MethodDecorator[];

/** A controller whose one route, GET /things, carries these decorators. */
function thingsWith(decorators: readonly MethodDecorator[], parameter?: ParameterDecorator): Type {
  class ThingsController {
    list(identity?: unknown): unknown {
      return { identity };
    }
  }
  const { prototype } = ThingsController;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'list') ?? {};
  parameter?.(prototype, 'list', 0);
  for (const decorator of [Get(), ...decorators]) decorator(prototype, 'list', descriptor);
  Controller('things')(ThingsController);
  return ThingsController;
}

const registered = (context: CaseContext, extras: Partial<Package.WixAuthExtras> = {}): DynamicModule[] => [
  context.own.WixAuthModule.forRoot({
    appId: context.app.appId,
    appSecret: context.app.appSecret,
    publicKey: context.app.publicKey,
    apiUrl: context.wix.url,
    ...extras,
  }),
];

async function statusOf(url: string, token?: string): Promise<number> {
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: token } });
  await response.text();
  return response.status;
}

const tokensOf = ({ wix, site, install }: CaseContext) => ({
  owner: () => wix.mint.userToken(install, site.owner),
  visitor: () => wix.mint.visitorToken(install, site.addVisitor()),
  app: () => wix.mint.appToken(install),
});

type Caller = keyof ReturnType<typeof tokensOf>;
type Expected = Readonly<Partial<Record<Caller | 'nobody', number>>>;

/** A route behind the application's global guard, with decorators of the other copy. */
const honored = (what: string, decorators: Decorators, expected: Expected): CopyCase => ({
  what,
  run: (context) =>
    context.serve(
      { imports: registered(context, { globalGuard: true }), controllers: [thingsWith(decorators(context))] },
      async (url) => {
        for (const [caller, status] of Object.entries(expected)) {
          const token = caller === 'nobody' ? undefined : tokensOf(context)[caller as Caller]();
          assert.equal(await statusOf(`${url}/things`, token), status, caller);
        }
      },
    ),
});

/** Decorators that work whichever copy they come from. */
export const honoredCases: readonly CopyCase[] = [
  honored('@RequireScopes', ({ other }) => [other.RequireScopes(MANAGE)], { owner: 403, nobody: 401 }),
  honored('@RequireScopes that is satisfied', ({ other }) => [other.RequireScopes(READ)], { owner: 200, nobody: 401 }),
  honored('@RequireAnyScope', ({ other }) => [other.RequireAnyScope(MANAGE)], { owner: 403 }),
  honored('@AllowIdentities', ({ other }) => [other.AllowIdentities('app')], { app: 200, visitor: 403, owner: 403 }),
  honored('@WixPublic', ({ other }) => [other.WixPublic()], { nobody: 200 }),
  honored(
    'scopes of both copies on one route',
    ({ own, other }) => [own.RequireScopes(READ), other.RequireScopes(MANAGE)],
    { owner: 403 },
  ),
  {
    what: '@AcceptInstanceQuery',
    run: (context) => {
      const things = thingsWith([context.other.AcceptInstanceQuery(), context.own.AllowIdentities('user')]);
      const metadata = { imports: registered(context, { globalGuard: true }), controllers: [things] };
      return context.serve(metadata, async (url) => {
        const signed = context.wix.mint.signedInstance(context.install, { user: context.site.owner });
        assert.equal(await statusOf(`${url}/things?instance=${encodeURIComponent(signed)}`), 200);
      });
    },
  },
  {
    what: '@WixIdentity',
    run: (context) => {
      const things = thingsWith([], context.other.WixIdentity('type'));
      const metadata = { imports: registered(context, { globalGuard: true }), controllers: [things] };
      return context.serve(metadata, async (url) => {
        const response = await fetch(`${url}/things`, { headers: { authorization: tokensOf(context).owner() } });
        assert.equal(await response.text(), JSON.stringify({ identity: 'user' }));
      });
    },
  },
  {
    what: '@WixIdentity.optional',
    run: (context) => {
      const things = thingsWith([context.other.WixPublic()], context.other.WixIdentity.optional('type'));
      const metadata = { imports: registered(context, { globalGuard: true }), controllers: [things] };
      return context.serve(metadata, async (url) => {
        assert.equal(await statusOf(`${url}/things`), 200);
        const response = await fetch(`${url}/things`, { headers: { authorization: tokensOf(context).owner() } });
        assert.equal(await response.text(), JSON.stringify({ identity: 'user' }));
        assert.equal(await statusOf(`${url}/things`, 'rubbish'), 401);
      });
    },
  },
  {
    what: '@OnWixEvent',
    run: (context) => {
      const heard: unknown[] = [];
      @Injectable()
      class Handlers {
        @context.other.OnWixEvent('AppInstalled')
        installed({ instanceId }: { readonly instanceId: string }): void {
          heard.push(instanceId);
        }
      }
      const metadata = { imports: registered(context, { webhooks: {} }), providers: [Handlers] };
      return context.serve(metadata, async (url) => {
        const { wix, install } = context;
        await wix.send.webhook(install, `${url}/wix/webhooks`, { type: 'AppInstalled' }).first;
        assert.equal(heard.join(), install.instanceId);
      });
    },
  },
  {
    what: '@WixServicePluginRequest and @WixServicePluginMetadata',
    run: (context) => {
      const { own, other, wix, install } = context;
      @Controller('shipping')
      class ShippingController {
        @Post('v1/get-rates')
        @own.WixServicePlugin()
        rates(
          @other.WixServicePluginRequest() request: object,
          @other.WixServicePluginMetadata() metadata: { readonly instanceId: string },
        ): object {
          return { request, instanceId: metadata.instanceId };
        }
      }
      return context.serve({ imports: registered(context), controllers: [ShippingController] }, async (url) => {
        const { body } = await wix.send.servicePlugin(install, `${url}/shipping/v1/get-rates`, { postalCode: '10115' });
        assert.equal(body, JSON.stringify({ request: { postalCode: '10115' }, instanceId: install.instanceId }));
      });
    },
  },
  {
    what: 'the channels of traces, on which a subscriber of one copy hears both,',
    run: async (context) => {
      const { own, other } = context;
      const heard: string[] = [];
      const ends = [own, other].map((copy, index) =>
        copy.onWixTrace('decision', ({ outcome }) => heard.push(`${String(index)} ${outcome}`)),
      );
      for (const copy of [own, other]) {
        const imports = registered({ ...context, own: copy }, { globalGuard: true });
        await context.serve({ imports, controllers: [thingsWith([])] }, async (url) => {
          assert.equal(await statusOf(`${url}/things`), 401);
        });
      }
      for (const end of ends) end();
      assert.deepEqual(heard, ['0 refused', '1 refused', '0 refused', '1 refused']);
    },
  },
  {
    what: '@WixRawBody',
    run: (context) => {
      @Controller('raw')
      class RawController {
        @Post()
        @context.other.WixPublic()
        take(@context.other.WixRawBody() body: Buffer): object {
          return { bytes: body.toString('utf8') };
        }
      }
      const metadata = { imports: registered(context, { globalGuard: true }), controllers: [RawController] };
      return context.serve(metadata, async (url) => {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(`${url}/raw`, { method: 'POST', headers, body: '{ "a": 1 }' });
        assert.equal(await response.text(), JSON.stringify({ bytes: '{ "a": 1 }' }));
      });
    },
  },
];

/** What start-up refuses, naming both copies. */
const refused = (what: string, metadataOf: (context: CaseContext) => ModuleMetadata, names = what): CopyCase => ({
  what,
  run: async (context) => {
    const error: unknown = await context
      .serve(metadataOf(context), () => Promise.resolve())
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Error, 'the application started');
    assert.equal(Reflect.get(error, 'code'), 'WIX_MISCONFIGURED', error.message);
    assert.match(error.message, /another copy of nestjs-wix-auth .* version \d+\.\d+\.\d+/);
    assert.match(error.message, new RegExp(`\\b${names}\\b.*\\(version \\d+\\.\\d+\\.\\d+\\)`));
  },
});

const ports = [
  'UserGrants',
  'VisitorGrants',
  'CredentialSource',
  'TokenStore',
  'EventLedger',
  'InvalidationBus',
  'WixInstallHooks',
  'RefreshTokenStore',
  'WixClock',
] as const;

const guards = ['WixAuthGuard', 'WixInstanceGuard', 'WixUserGuard', 'WixDigestGuard', 'WixServicePluginGuard'] as const;

const guardedBy = (context: CaseContext, decorator: MethodDecorator): ModuleMetadata => ({
  imports: registered(context),
  controllers: [thingsWith([decorator])],
});

/** Guards, ports and modules of another copy, which nothing of this copy would ask. */
export const refusedCases: readonly CopyCase[] = [
  ...ports.map((port) =>
    refused(port, (context) => ({
      imports: registered(context, { providers: [{ provide: context.other[port], useValue: {} }] }),
    })),
  ),
  ...guards.map((guard) => refused(guard, (context) => guardedBy(context, UseGuards(context.other[guard])))),
  refused('@WixUserAuth', (context) => guardedBy(context, context.other.WixUserAuth()), 'WixUserGuard'),
  refused('@WixInstanceAuth', (context) => guardedBy(context, context.other.WixInstanceAuth()), 'WixInstanceGuard'),
  refused('@WixDigest', (context) => guardedBy(context, context.other.WixDigest()), 'WixDigestGuard'),
  refused(
    '@WixServicePlugin',
    (context) => guardedBy(context, context.other.WixServicePlugin()),
    'WixServicePluginGuard',
  ),
  refused(
    'a module',
    (context) => {
      const { appId, appSecret } = context.app;
      @Module({ imports: [context.other.WixAuthModule.forRoot({ appId, appSecret, isGlobal: false })] })
      class FeatureModule {}
      return { imports: [...registered(context), FeatureModule] };
    },
    'WixAuthModule',
  ),
  refused(
    'a decorator of a format that is not known',
    (context) => {
      const things = thingsWith([]);
      const method = (things.prototype as { readonly list: object }).list;
      Reflect.defineMetadata(Symbol.for('nestjs-wix-auth/access@99'), { scopes: [READ] }, method);
      Reflect.defineMetadata(Symbol.for('nestjs-wix-auth/copy'), { version: '9.8.7' }, method);
      return { imports: registered(context), controllers: [things] };
    },
    'ThingsController\\.list',
  ),
];

/** By our message only where Nest lets subclasses inherit that a parameter is optional; older ones name a missing one. */
export const subclassCase: CopyCase = refused(
  'a subclass of a guard',
  (context) => {
    @Injectable()
    class TenantGuard extends context.other.WixUserGuard {}
    return guardedBy(context, UseGuards(TenantGuard));
  },
  'TenantGuard',
);
