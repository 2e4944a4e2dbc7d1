import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixUserAuth,
  type AnyWixIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { map, type Observable } from 'rxjs';

import { MANAGE_PRODUCTS, READ_PRODUCTS } from '../scopes.js';
import { ProductDto } from './product.dto.js';

@Controller('products')
export class ProductsController {
  constructor(private readonly wix: WixHttpService) {}

  /** Anyone on the site may see the products: the app reads them with its own permissions. */
  @Get()
  @WixInstanceAuth({ allow: ['app', 'user', 'member', 'visitor'], scopes: [READ_PRODUCTS] })
  list(@WixIdentity() caller: AnyWixIdentity): Observable<unknown> {
    return this.wix
      .asInstance(caller)
      .get('/stores/v1/products')
      .pipe(map((response) => response.data));
  }

  /** Only users who may manage products themselves, on sites that granted that to the app. */
  @Post()
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  create(@WixIdentity() user: WixUserIdentity, @Body() product: ProductDto): Observable<unknown> {
    return this.wix
      .onBehalfOf(user)
      .post('/stores/v1/products', { product })
      .pipe(map((response) => response.data));
  }

  /** The same without the scope on the route: then Wix itself refuses, later and with less to say. */
  @Post('without-scope')
  @WixUserAuth()
  createWithoutScope(@WixIdentity() user: WixUserIdentity, @Body() product: ProductDto): Observable<unknown> {
    return this.create(user, product);
  }
}
