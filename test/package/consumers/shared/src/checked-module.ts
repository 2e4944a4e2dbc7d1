import { Controller, Get, Module, Post } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { OnWixEvent, WixAuthModule, WixInstanceAuth, WixUserAuth } from 'nestjs-wix-auth';

@Controller('orders')
class OrdersController {
  @Get()
  @WixInstanceAuth({ allow: ['member'], scopes: ['SCOPE.DC-STORES.READ-ORDERS'] })
  list(): object {
    return {};
  }

  @Post()
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.MANAGE-ORDERS'] })
  create(): object {
    return {};
  }

  @OnWixEvent('AppRemoved')
  removed(): void {
    throw new Error('Nothing may be called, only read.');
  }
}

@Module({ controllers: [OrdersController] })
class OrdersModule {}

/** What `nestjs-wix-auth check` reads. Its options are not there, as in CI, and nothing of it may be made. */
@Module({
  imports: [
    WixAuthModule.forRootAsync({
      globalGuard: true,
      useFactory: () => {
        throw new Error('No options here.');
      },
    }),
    OrdersModule,
    RouterModule.register([{ path: 'shop', module: OrdersModule }]),
  ],
})
export class CheckedModule {}
