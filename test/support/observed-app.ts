import { Controller, Get, Injectable, Param } from '@nestjs/common';
import {
  OnWixEvent,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixPublic,
  WixUserAuth,
  type AnyWixIdentity,
  type WixAuthExtras,
  type WixAuthOptions,
  type WixEventContext,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, type EmulatedApp, type WixEmulator } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';
import type { DynamicModule, ModuleMetadata } from '@nestjs/common';

import { MANAGE_PRODUCTS, READ_PRODUCTS } from './emulated-site.js';
import { startApp, type Platform, type RunningApp, type StartOptions } from './running-app.js';

@Controller('shop')
class ShopController {
  constructor(private readonly wix: WixHttpService) {}

  @Get('products/:id')
  @WixInstanceAuth({ allow: ['user', 'visitor'], scopes: [READ_PRODUCTS] })
  show(@Param('id') id: string) {
    return { id };
  }

  @Get('manage/:id')
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  manage(@Param('id') id: string) {
    return { id };
  }

  @Get('wix/:path')
  @WixInstanceAuth({ allow: ['user'], scopes: [READ_PRODUCTS] })
  async wixCall(@WixIdentity() identity: AnyWixIdentity, @Param('path') path: string) {
    const { data } = await lastValueFrom(this.wix.asInstance(identity).get(`/stores/v3/products/${path}`));
    return data as object;
  }

  @Get('open')
  @WixPublic()
  open() {
    return {};
  }
}

/** What the handler of an event does next: nothing, unless a test says so. */
@Injectable()
export class EventWork {
  next: (context: WixEventContext) => Promise<void> = () => Promise.resolve();

  @OnWixEvent('AppInstalled')
  async onInstalled(_event: unknown, context: WixEventContext): Promise<void> {
    await this.next(context);
  }
}

export type ObservedOptions = Partial<WixAuthOptions> & Partial<WixAuthExtras>;

/** A registration for one app of an emulator, which takes webhooks. */
export const observedModule = (wix: WixEmulator, app: EmulatedApp, options: ObservedOptions = {}): DynamicModule =>
  WixAuthTestingModule.forApp(wix, app, { publicKey: app.publicKey, webhooks: {}, ...options });

/** An app whose traces, audit and health are looked at. */
export const startObserved = (
  platform: Platform,
  registration: DynamicModule,
  { imports = [], controllers = [], providers = [] }: ModuleMetadata = {},
  options?: StartOptions,
): Promise<RunningApp> =>
  startApp(
    platform,
    {
      imports: [...imports, registration],
      controllers: [ShopController, ...controllers],
      providers: [EventWork, ...providers],
    },
    options,
  );

/** Posts the body of a webhook, and tells the status it is answered with. */
export async function deliver(url: string, body: string): Promise<number> {
  const answer = await fetch(`${url}/wix/webhooks`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain' },
  });
  await answer.text();
  return answer.status;
}
