import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Scope,
  type DynamicModule,
  type Provider,
  type Type,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import {
  CredentialSource,
  EventLedger,
  InvalidationBus,
  RefreshTokenStore,
  RequireScopes,
  TokenStore,
  UserGrants,
  VisitorGrants,
  WixAuthModule,
  WixClock,
  WixInstallHooks,
  WixPublic,
  type WixAuthExtras,
  type WixAuthOptions,
  type WixAuthOptionsFactory,
} from 'nestjs-wix-auth';
import { emulatedOptions, WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { errorOf } from '../support/code-of.js';
import { READ_PRODUCTS } from '../support/emulated-site.js';
import { platforms, startApp } from '../support/running-app.js';

@Injectable({ scope: Scope.REQUEST })
class TenantContext {}

@Injectable({ scope: Scope.REQUEST, durable: true })
class DurableTenantContext {}

@Injectable()
class TenantDatabase {
  constructor(readonly tenant: TenantContext) {}
}

@Module({
  providers: [TenantContext, DurableTenantContext, TenantDatabase],
  exports: [TenantContext, DurableTenantContext, TenantDatabase],
})
class TenantModule {}

@Injectable()
class TenantPort {
  constructor(readonly tenant: TenantContext) {}
}

@Injectable()
class DatabasePort {
  constructor(readonly database: TenantDatabase) {}
}

@Injectable()
class PropertyPort {
  @Inject(TenantContext)
  readonly tenant: unknown;
}

@Injectable()
class DurablePort {
  constructor(readonly tenant: DurableTenantContext) {}
}

@Injectable({ scope: Scope.REQUEST })
class ScopedPort {}

@Injectable()
class RequestPort {
  constructor(@Inject(REQUEST) readonly request: object) {}
}

const ports: readonly (abstract new (...args: never[]) => unknown)[] = [
  UserGrants,
  VisitorGrants,
  CredentialSource,
  TokenStore,
  EventLedger,
  InvalidationBus,
  WixInstallHooks,
  RefreshTokenStore,
  WixClock,
];

const ways: readonly { readonly what: string; readonly providers: readonly Provider[]; readonly says: string }[] = [
  {
    what: 'a class by a provider of its own',
    providers: [{ provide: UserGrants, useClass: DatabasePort }],
    says: 'UserGrants (DatabasePort) depends on TenantContext, which is request-scoped, by way of TenantDatabase.',
  },
  {
    what: 'a property',
    providers: [{ provide: UserGrants, useClass: PropertyPort }],
    says: 'UserGrants (PropertyPort) depends on TenantContext, which is request-scoped.',
  },
  {
    what: 'a durable provider',
    providers: [{ provide: UserGrants, useClass: DurablePort }],
    says: 'UserGrants (DurablePort) depends on DurableTenantContext, which is request-scoped.',
  },
  {
    what: 'the request itself',
    providers: [{ provide: UserGrants, useClass: RequestPort }],
    says: 'UserGrants (RequestPort) depends on REQUEST, which is request-scoped.',
  },
  {
    what: 'a factory',
    providers: [{ provide: UserGrants, inject: [TenantContext], useFactory: (tenant: object) => tenant }],
    says: 'UserGrants depends on TenantContext, which is request-scoped.',
  },
  {
    what: 'an alias',
    providers: [ScopedPort, { provide: UserGrants, useExisting: ScopedPort }],
    says: 'UserGrants depends on ScopedPort, which is request-scoped.',
  },
  {
    what: 'its own scope',
    providers: [{ provide: UserGrants, useClass: ScopedPort }],
    says: 'UserGrants (ScopedPort) is request-scoped.',
  },
];

@Controller('things')
class ThingsController {
  @Get()
  @WixPublic()
  list() {
    return [];
  }
}

@Controller('secrets')
class UnguardedController {
  @Get()
  @RequireScopes(READ_PRODUCTS)
  list() {
    return [];
  }
}

const refreshTokenFolder = mkdtempSync(join(tmpdir(), 'refresh-tokens-'));

const everyPart: Partial<WixAuthExtras> = {
  webhooks: {},
  install: { publicUrl: 'http://127.0.0.1:3000', customAuthentication: true, refreshTokenFolder },
  imports: [TenantModule],
};

afterAll(() => {
  rmSync(refreshTokenFolder, { recursive: true });
});

describe.each(platforms)('A registration on %s with a request-scoped part', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  afterAll(() => wix.stop());

  const start = async (registration: DynamicModule, controllers: Type[] = [ThingsController]): Promise<void> => {
    const running = await startApp(platform, { imports: [registration], controllers });
    await running.close();
  };
  const registered = (providers: readonly Provider[], globalGuard = false): DynamicModule =>
    WixAuthTestingModule.forApp(wix, app, { ...everyPart, globalGuard, providers });
  const refusal = (text: string): object => ({
    code: 'WIX_MISCONFIGURED',
    message: expect.stringContaining(`- ${text}\n`),
  });

  describe.each([true, false])('and globalGuard %s is refused for', (globalGuard) => {
    it.each(ports)('$name', async (port) => {
      const error = await errorOf(() => start(registered([{ provide: port, useClass: TenantPort }], globalGuard)));
      const says = `${port.name} (TenantPort) depends on TenantContext, which is request-scoped.`;
      expect(error).toMatchObject(refusal(says));
    });

    it.each(ways)('$what', async ({ providers, says }) => {
      expect(await errorOf(() => start(registered(providers, globalGuard)))).toMatchObject(refusal(says));
    });

    it('what forRootAsync injects', async () => {
      const registration = WixAuthModule.forRootAsync({
        imports: [TenantModule],
        inject: [TenantContext],
        useFactory: (): WixAuthOptions => emulatedOptions(wix, app),
        globalGuard,
      });
      const says = 'The factory of the options depends on TenantContext, which is request-scoped.';
      expect(await errorOf(() => start(registration))).toMatchObject(refusal(says));
    });

    it('what a class of forRootAsync injects', async () => {
      @Injectable()
      class TenantOptions implements WixAuthOptionsFactory {
        constructor(readonly database: TenantDatabase) {}
        createWixAuthOptions(): WixAuthOptions {
          return emulatedOptions(wix, app);
        }
      }
      const registration = WixAuthModule.forRootAsync({
        imports: [TenantModule],
        useClass: TenantOptions,
        globalGuard,
      });
      const says =
        'The factory of the options depends on TenantContext, which is request-scoped, by way of TenantOptions and TenantDatabase.';
      expect(await errorOf(() => start(registration))).toMatchObject(refusal(says));
    });
  });

  it('names every such part, and how to reach data of one request', async () => {
    const registration = registered([
      { provide: WixClock, useClass: ScopedPort },
      { provide: TokenStore, useClass: TenantPort },
    ]);
    const error = await errorOf(() => start(registration));
    expect(error).toMatchObject(refusal('WixClock (ScopedPort) is request-scoped.'));
    expect(error).toMatchObject(refusal('TokenStore (TenantPort) depends on TenantContext, which is request-scoped.'));
    expect(String(error)).toMatch(/the identity .* ModuleRef .* resolve\(\)/s);
  });

  it('is also refused where a handler declares scopes without a guard', async () => {
    const registration = registered([{ provide: UserGrants, useClass: TenantPort }]);
    expect(await errorOf(() => start(registration, [UnguardedController]))).toMatchObject({
      code: 'WIX_MISCONFIGURED',
    });
  });

  it('starts when only providers of the application are request-scoped', async () => {
    await expect(start(registered([TenantPort, ScopedPort], true))).resolves.toBeUndefined();
  });
});
