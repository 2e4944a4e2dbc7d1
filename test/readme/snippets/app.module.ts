import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { WixApiExceptionFilter, WixAuthModule } from 'nestjs-wix-auth';

import { ProductsController } from './products.controller.js';

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
