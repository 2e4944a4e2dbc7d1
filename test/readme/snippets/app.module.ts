import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  WixApiExceptionFilter,
  WixAuthModule,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixUserAuth,
  type AnyWixIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { map } from 'rxjs';

@Controller('products')
export class ProductsController {
  constructor(private readonly wix: WixHttpService) {}

  @Get() // site visitors too: the app reads with its own permissions
  @WixInstanceAuth({ allow: ['visitor', 'member', 'user'], scopes: ['SCOPE.DC-STORES.READ-PRODUCTS'] })
  list(@WixIdentity() caller: AnyWixIdentity) {
    return this.wix
      .asInstance(caller)
      .post('/stores/v3/products/query', { query: { cursorPaging: { limit: 20 } } })
      .pipe(map(({ data }) => data));
  }

  @Post() // dashboard users: both the app and the user must hold the scope
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.MANAGE-PRODUCTS'] })
  create(@WixIdentity() user: WixUserIdentity, @Body() product: object) {
    return this.wix
      .onBehalfOf(user)
      .post('/stores/v3/products', { product })
      .pipe(map(({ data }) => data));
  }
}

@Module({
  imports: [
    WixAuthModule.forRootAsync({
      useFactory: () => ({
        appId: process.env['WIX_APP_ID'] ?? '',
        appSecret: process.env['WIX_APP_SECRET'] ?? '',
        apiUrl: process.env['WIX_API_URL'], // leave it out: https://www.wixapis.com
      }),
    }),
  ],
  controllers: [ProductsController],
  providers: [{ provide: APP_FILTER, useClass: WixApiExceptionFilter }], // Wix's refusals keep their status
})
export class AppModule {}
