import assert from 'node:assert/strict';

import { Body, Controller, Get, Module, Post, ValidationPipe, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IsString } from 'class-validator';
import {
  WixAuthModule,
  WixIdentity,
  WixTokenService,
  WixUserAuth,
  type WixAuthOptions,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { WixEmulator } from 'nestjs-wix-auth/testing';

class ProductDto {
  @IsString()
  readonly name!: string;
}

@Controller('products')
class ProductsController {
  constructor(private readonly tokens: WixTokenService) {}

  @Get()
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.READ-PRODUCTS'] })
  async list(@WixIdentity() user: WixUserIdentity): Promise<{ userId: string; appToken: string }> {
    const appToken = await this.tokens.accessTokenFor(user);
    return { userId: user.userId, appToken: String(appToken) };
  }

  @Post()
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'] })
  create(@WixIdentity('userId') userId: string, @Body() product: ProductDto): { userId: string; name: string } {
    return { userId, name: product.name };
  }
}

@Module({})
class AppModule {
  static with(options: WixAuthOptions): DynamicModule {
    return { module: AppModule, imports: [WixAuthModule.forRoot(options)], controllers: [ProductsController] };
  }
}

/** Boots the app beside an emulated Wix where one site granted it reading, and not managing; throws when an answer is wrong. */
export async function checkGuardedApp(): Promise<void> {
  const wix = await WixEmulator.start();
  const wixApp = wix.addApp();
  const site = wix.addSite();
  const install = wix.install(wixApp, site, { grants: ['SCOPE.DC-STORES.READ-PRODUCTS'] });

  const options = { appId: wixApp.appId, appSecret: wixApp.appSecret, apiUrl: wix.url };
  const app = await NestFactory.create(AppModule.with(options), { logger: ['error', 'warn'] });
  app.useGlobalPipes(new ValidationPipe({ transform: true, validateCustomDecorators: true }));
  await app.listen(0, '127.0.0.1');
  try {
    await checkAnswers(`${await app.getUrl()}/products`, wix.mint.userToken(install, site.owner), site.owner.userId);
  } finally {
    await app.close();
    await wix.stop();
  }
}

async function checkAnswers(url: string, token: string, ownerId: string): Promise<void> {
  const listed = await fetch(url, { headers: { authorization: token } });
  assert.equal(listed.status, 200);
  assert.equal(await listed.text(), JSON.stringify({ userId: ownerId, appToken: '[redacted]' }));

  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const refused = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ name: 'Chair' }) });
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /"code":"WIX_SCOPE_MISSING"/);

  const anonymous = await fetch(url);
  assert.equal(anonymous.status, 401);
}
