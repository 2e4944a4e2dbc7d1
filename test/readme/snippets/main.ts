import { NestFactory } from '@nestjs/core';
import { wixCorsOptions, wixOrigins } from 'nestjs-wix-auth';

import { AppModule } from './app.module.js';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  const origin = wixOrigins({
    appId: process.env['WIX_APP_ID'] ?? '',
    sites: ['https://www.my-shop.com', /\.wixsite\.com$/], // the sites' own domains
    development: process.env['NODE_ENV'] !== 'production', // localhost
  });
  app.enableCors(wixCorsOptions({ origin }));
  await app.listen(process.env['PORT'] ?? 3000);
}

void bootstrap();
