import { Body, Controller, Post } from '@nestjs/common';
import { WixHttpService, WixIdentity, WixUserAuth, type WixUserIdentity } from 'nestjs-wix-auth';
import { map, type Observable } from 'rxjs';

import { catalogProduct } from '../products/catalog-product.js';
import { ProductDto } from '../products/product.dto.js';

/** What to avoid: a route without the scope that its work needs. Wix itself refuses then, later and in less detail. */
@Controller('products')
export class RefusedByWixController {
  constructor(private readonly wix: WixHttpService) {}

  @Post('without-scope')
  @WixUserAuth()
  create(@WixIdentity() user: WixUserIdentity, @Body() product: ProductDto): Observable<unknown> {
    return this.wix
      .onBehalfOf(user)
      .post('/stores/v3/products', { product: catalogProduct(product) })
      .pipe(map((response) => response.data));
  }
}
