import { Body, Controller, Get, Post } from '@nestjs/common';
import {
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
