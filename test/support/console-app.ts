import { Body, Controller, Get, Header, Injectable, Post } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  AcceptInstanceQuery,
  InMemoryRefreshTokenStore,
  OnWixEvent,
  RefreshTokenStore,
  WixApiExceptionFilter,
  WixAuthModule,
  WixHttpService,
  WixIdentity,
  WixInstallHooks,
  WixInstallService,
  WixInstanceAuth,
  WixPublic,
  WixUserAuth,
  type AnyWixIdentity,
  type WixInstallAnswer,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { map } from 'rxjs';

import type { EmulatorProgram } from '../../src/testing/emulator/program/emulator-program.js';
import { startApp, type Platform, type RunningApp } from './running-app.js';

const READ_PRODUCTS = 'SCOPE.DC-STORES.READ-PRODUCTS';
export const MANAGE_PRODUCTS = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
export const MANAGER_ROLE = '6600344420111308827';

const NEW_PRODUCT = {
  name: 'Tulips',
  productType: 'PHYSICAL',
  physicalProperties: {},
  variantsInfo: { variants: [{ price: { actualPrice: { amount: '12' } } }] },
};

/** A handler that fails as often as the test says. */
@Injectable()
export class ContactHandler {
  failures = 0;
  runs = 0;

  @OnWixEvent('AppInstalled')
  installed(): void {
    this.runs += 1;
    if (this.failures-- > 0) throw new Error('The database is away.');
  }
}

class Hooks extends WixInstallHooks {
  override onInstalled(): Promise<WixInstallAnswer> {
    return Promise.resolve({ redirectTo: '/welcome' });
  }
}

/** An application as one opens it in a dashboard: a page, routes it calls, webhooks, and both ways to install it. */
export function startConsoleApp(platform: Platform, port: number, program: EmulatorProgram): Promise<RunningApp> {
  @Controller()
  class PagesController {
    constructor(
      private readonly wix: WixHttpService,
      private readonly installs: WixInstallService,
    ) {}

    @Get('dashboard')
    @Header('content-type', 'text/html')
    @WixUserAuth()
    @AcceptInstanceQuery()
    dashboard(): string {
      return dashboardPage(program.url);
    }

    @Get('products')
    @WixInstanceAuth({ allow: ['visitor', 'member', 'user'], scopes: [READ_PRODUCTS] })
    list(@WixIdentity() caller: AnyWixIdentity) {
      return this.wix
        .asInstance(caller)
        .post('/stores/v3/products/query', {}, { retry: 'always' })
        .pipe(map(({ data }: { data: unknown }) => data));
    }

    @Post('products')
    @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
    create(@WixIdentity() user: WixUserIdentity, @Body() product: object) {
      return this.wix
        .onBehalfOf(user)
        .post('/stores/v3/products', { product: { ...NEW_PRODUCT, ...product } })
        .pipe(map(({ data }: { data: unknown }) => data));
    }

    @Get('install')
    @Header('content-type', 'text/html')
    @WixPublic()
    install(): string {
      return `<!doctype html><title>Install</title><a href="${this.installs.installUrl({ returnTo: '/welcome' })}">Go on</a>`;
    }

    @Get('welcome')
    @Header('content-type', 'text/html')
    @WixPublic()
    welcome(): string {
      return '<!doctype html><title>Welcome</title><h1>Welcome</h1>';
    }
  }

  const url = `http://localhost:${String(port)}`;
  const { appId, appSecret, publicKey } = program.app.app;
  return startApp(
    platform,
    {
      imports: [
        WixAuthModule.forRoot({
          ...{ appId, appSecret, publicKey, apiUrl: program.url },
          grants: { userRoles: { [MANAGER_ROLE]: [MANAGE_PRODUCTS] } },
          webhooks: { path: 'wix/webhooks' },
          install: { path: 'install/wix', publicUrl: url, customAuthentication: true },
          providers: [
            { provide: WixInstallHooks, useClass: Hooks },
            { provide: RefreshTokenStore, useValue: new InMemoryRefreshTokenStore() },
          ],
        }),
      ],
      controllers: [PagesController],
      providers: [ContactHandler, { provide: APP_FILTER, useClass: WixApiExceptionFilter }],
    },
    { port },
  );
}

const dashboardPage = (emulator: string): string => `<!doctype html>
<html lang="en"><title>Dashboard</title><h1>Products</h1><button>Add tulips</button><p role="status"></p>
<script type="module">
  import { fetchWithAuth } from '${emulator}/_emulator/dashboard-sdk.js';
  document.querySelector('button').onclick = async () => {
    const answer = await fetchWithAuth('/products', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    document.querySelector('p').textContent = String(answer.status);
  };
</script></html>`;
