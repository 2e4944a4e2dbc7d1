import { Controller, Delete, Get, Module, Query } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import {
  WixApiError,
  WixApiExceptionFilter,
  WixHttpService,
  WixIdentity,
  WixInstanceAuth,
  WixUserAuth,
  type AnyWixIdentity,
  type WixUserIdentity,
} from 'nestjs-wix-auth';
import { catchError, map, of, throwError } from 'rxjs';

interface Product {
  readonly id: string;
  readonly name: string;
}

@Controller('catalog')
export class CatalogController {
  constructor(private readonly wix: WixHttpService) {}

  @Get() // as the app itself: more than a visitor may do, so `allow` says it
  @WixInstanceAuth({ allow: ['visitor', 'member'] })
  all(@WixIdentity() caller: AnyWixIdentity) {
    return this.wix
      .asInstance(caller)
      .post<{ products: Product[] }>('/stores/v3/products/query', {}, { retry: 'always' }) // a query does nothing twice
      .pipe(map(({ data }) => data.products.map(({ name }) => name)));
  }

  @Get('one') // a missing product is an answer here, everything else an error
  @WixInstanceAuth({ allow: ['visitor', 'member'] })
  one(@WixIdentity() caller: AnyWixIdentity, @Query('id') id: string) {
    return this.wix
      .asInstance(caller)
      .get<{ product: Product }>(`/stores/v3/products/${encodeURIComponent(id)}`)
      .pipe(
        map(({ data }) => data.product.name),
        catchError((error: unknown) =>
          error instanceof WixApiError && error.status === 404 ? of('none') : throwError(() => error),
        ),
      );
  }

  @Delete('one') // as the user: Wix enforces what both the app and the user may do
  @WixUserAuth()
  remove(@WixIdentity() user: WixUserIdentity, @Query('id') id: string) {
    return this.wix
      .onBehalfOf(user)
      .delete(`/stores/v3/products/${encodeURIComponent(id)}`)
      .pipe(map(({ data }) => data));
  }
}

@Module({
  controllers: [CatalogController],
  providers: [{ provide: APP_FILTER, useClass: WixApiExceptionFilter }],
})
export class CatalogModule {}
