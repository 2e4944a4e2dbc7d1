import { generateKeyPairSync } from 'node:crypto';

import {
  Controller,
  Get,
  Injectable,
  Module,
  Param,
  Post,
  UseGuards,
  VersioningType,
  type DynamicModule,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { InitializeOnPreviewAllowlist, NestFactory, RouterModule } from '@nestjs/core';
import { Query, ResolveField, Resolver } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  AcceptInstanceQuery,
  AllowIdentities,
  OnWixEvent,
  RequireAnyScope,
  RequireScopes,
  WixAuthGuard,
  WixAuthModule,
  WixIdentity,
  WixInstanceAuth,
  WixPublic,
  WixServicePlugin,
  WixUserAuth,
  type WixAuthExtras,
} from 'nestjs-wix-auth';

export const READ = 'SCOPE.DC-STORES.READ-PRODUCTS';
export const MANAGE = 'SCOPE.DC-STORES.MANAGE-PRODUCTS';
export const ORDERS = 'SCOPE.DC-STORES.READ-ORDERS';

@Controller('products')
class Products {
  @Get()
  @WixInstanceAuth({ allow: ['user', 'visitor'], scopes: [READ] })
  list() {
    return {};
  }

  @Post(':id')
  @WixUserAuth({ scopes: [MANAGE], anyScope: [READ, ORDERS] })
  change(@Param('id') id: string) {
    return { id };
  }

  @Get('page')
  @WixUserAuth()
  @AcceptInstanceQuery()
  page() {
    return {};
  }

  @Get('greeting')
  @UseGuards(WixAuthGuard)
  @WixPublic()
  greeting(@WixIdentity.optional() caller: unknown) {
    return caller;
  }

  @Get('health')
  health() {
    return {};
  }

  @Post('plugin')
  @WixServicePlugin()
  plugin() {
    return {};
  }
}

@Resolver('Product')
class ProductResolver {
  @Query('products')
  @WixUserAuth({ scopes: [READ] })
  all() {
    return [];
  }

  @ResolveField('reviews')
  @UseGuards(WixAuthGuard)
  @AllowIdentities('member')
  reviews() {
    return [];
  }
}

@Controller()
class Messages {
  @MessagePattern('orders.create')
  @UseGuards(WixAuthGuard)
  @RequireScopes(ORDERS)
  @RequireAnyScope(READ, MANAGE)
  create() {
    return {};
  }
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('hello')
  hello() {
    return {};
  }
}

@Injectable()
class Events {
  @OnWixEvent('wix.contacts.v4.contact_created')
  @OnWixEvent('AppRemoved')
  changed() {
    return {};
  }
}

@Module({
  controllers: [Products, Messages],
  providers: [ProductResolver, Gateway, Events],
})
export class DeclaredModule {}

const options = {
  appId: 'a1111111-2222-4333-8444-55555555555f',
  appSecret: 'c0ffee00-5ec7-4e75-8bad-f00dc0ffee00',
  publicKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString(),
};

/** A registration with valid options. */
export const registration = (extras: Partial<WixAuthExtras>): DynamicModule =>
  WixAuthModule.forRoot({ ...options, ...extras });

/** An application of these modules, which is not started. */
export async function newApp(
  modules: readonly Type[],
  {
    globalGuard = false,
    preview = false,
    webhooks = false,
    errors,
  }: {
    readonly globalGuard?: boolean;
    readonly preview?: boolean;
    readonly webhooks?: boolean;
    readonly errors?: 'nest' | 'problem+json';
  } = {},
): Promise<INestApplication> {
  @Module({
    imports: [
      WixAuthModule.forRoot({ ...options, globalGuard, errors, ...(webhooks ? { webhooks: {} } : {}) }),
      ...modules,
      RouterModule.register(modules.map((module) => ({ path: 'shop', module }))),
    ],
  })
  class AppModule {}

  InitializeOnPreviewAllowlist.add(RouterModule);
  const app = await NestFactory.create(AppModule, { logger: false, preview, abortOnError: false });
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  return app;
}
