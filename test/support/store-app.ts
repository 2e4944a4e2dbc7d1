import { Controller, Get, Post, UseGuards, type Provider } from '@nestjs/common';
import {
  AcceptInstanceQuery,
  AllowIdentities,
  RequireAnyScope,
  RequireScopes,
  WixAuthGuard,
  WixClock,
  WixIdentity,
  WixInstanceAuth,
  WixUserAuth,
  type AnyWixIdentity,
  type WixAuthOptions,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, type EmulatedApp, type WixEmulator } from 'nestjs-wix-auth/testing';

import { MANAGE_PRODUCTS, READ_ORDERS, READ_PRODUCTS } from './emulated-site.js';
import { startApp, type Platform, type RunningApp } from './running-app.js';

/** Roles that users of the store may have; any other is mapped to nothing. */
export const MANAGER = '6600000000000000001';
export const AGENT = '6600000000000000002';
export const PARTNER = '6600000000000000003';

/** One route of each kind. */
@Controller()
class StoreController {
  @Get('anyone')
  @UseGuards(WixAuthGuard)
  anyone(@WixIdentity() identity: AnyWixIdentity) {
    return identity;
  }

  @Get('page')
  @AcceptInstanceQuery()
  @UseGuards(WixAuthGuard)
  page(@WixIdentity() identity: AnyWixIdentity) {
    return identity;
  }

  @Get('instance')
  @WixInstanceAuth({ scopes: [READ_PRODUCTS] })
  instance() {
    return {};
  }

  @Get('elevated')
  @WixInstanceAuth({ allow: ['visitor', 'member', 'user'], scopes: [READ_PRODUCTS] })
  elevated() {
    return {};
  }

  @Get('user')
  @WixUserAuth()
  user(@WixIdentity('userId') userId: string) {
    return { userId };
  }

  @Post('products')
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  create(@WixIdentity('userId') userId: string) {
    return { userId };
  }

  @Get('both')
  @RequireScopes(READ_ORDERS)
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  both() {
    return {};
  }

  @Get('either')
  @WixUserAuth({ anyScope: [MANAGE_PRODUCTS, READ_ORDERS] })
  either() {
    return {};
  }

  @Get('own')
  @UseGuards(WixAuthGuard)
  @RequireAnyScope(READ_PRODUCTS)
  @AllowIdentities('app', 'visitor', 'user')
  own() {
    return {};
  }
}

/** What a store may be started with beside what an emulated app has anyway. */
export interface StoreOptions extends Partial<WixAuthOptions> {
  readonly clock?: WixClock;
  readonly providers?: readonly Provider[];
}

/** Starts an app with {@link StoreController} and the roles above. */
export function startStore(
  platform: Platform,
  wix: WixEmulator,
  app: EmulatedApp,
  { clock, providers = [], ...options }: StoreOptions = {},
): Promise<RunningApp> {
  const registration = WixAuthTestingModule.forApp(wix, app, {
    grants: { userRoles: { [MANAGER]: [MANAGE_PRODUCTS], [AGENT]: [READ_PRODUCTS], [PARTNER]: '*' } },
    providers: [...(clock === undefined ? [] : [{ provide: WixClock, useValue: clock }]), ...providers],
    ...options,
  });
  return startApp(platform, { imports: [registration], controllers: [StoreController] });
}
