import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixUserAuth,
  type AnyWixIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { WixSdkClientFactory } from 'nestjs-wix-auth/sdk';
import { productsV3 } from '@wix/stores';
import { map, type Observable } from 'rxjs';

import { MANAGE_PRODUCTS, READ_PRODUCTS } from '../scopes.js';
import { catalogProduct } from './catalog-product.js';
import { ProductDto } from './product.dto.js';

@Controller('products')
export class ProductsController {
  constructor(
    private readonly wix: WixHttpService,
    private readonly sdk: WixSdkClientFactory,
  ) {}

  /** Anyone on the site may see the products: the app reads them with its own permissions. */
  @Get()
  @WixInstanceAuth({ allow: ['app', 'user', 'member', 'visitor'], scopes: [READ_PRODUCTS] })
  list(@WixIdentity() caller: AnyWixIdentity): Observable<unknown> {
    return this.wix
      .asInstance(caller)
      .post('/stores/v3/products/query', {}, { retry: 'always' })
      .pipe(map((response) => response.data));
  }

  /** The same by Wix's SDK, whose modules know the types. */
  @Get('names')
  @WixInstanceAuth({ allow: ['app', 'user', 'member', 'visitor'], scopes: [READ_PRODUCTS] })
  async names(@WixIdentity() caller: AnyWixIdentity): Promise<string[]> {
    const client = await this.sdk.asInstance(caller, { productsV3 });
    const { items } = await client.productsV3.queryProducts().ascending('slug').find();
    return items.map(({ name }) => name ?? '');
  }

  /** Only users who may manage products themselves, on sites that granted that to the app. */
  @Post()
  @WixUserAuth({ scopes: [MANAGE_PRODUCTS] })
  create(@WixIdentity() user: WixUserIdentity, @Body() product: ProductDto): Observable<unknown> {
    return this.wix
      .onBehalfOf(user)
      .post('/stores/v3/products', { product: catalogProduct(product) })
      .pipe(map((response) => response.data));
  }
}
