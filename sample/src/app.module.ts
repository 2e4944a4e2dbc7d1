import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TerminusModule } from '@nestjs/terminus';
import {
  AccessAudit,
  FileRefreshTokenStore,
  RefreshTokenStore,
  WixApiExceptionFilter,
  WixAuthModule,
  WixInstallHooks,
} from 'nestjs-wix-auth';
import { WixAuthHealthIndicator } from 'nestjs-wix-auth/terminus';

import { DashboardController } from './dashboard.controller.js';
import { HomeController } from './demo/home.controller.js';
import { RefusedByWixController } from './demo/refused-by-wix.controller.js';
import { HealthController } from './health.controller.js';
import { InstallationController } from './installation.controller.js';
import { InstallingController } from './installing/installing.controller.js';
import { Onboarding } from './installing/onboarding.js';
import { SessionsModule } from './installing/sessions.module.js';
import { ConsoleAudit } from './observing/console-audit.js';
import { MetricsController } from './observing/metrics.controller.js';
import { ProductsController } from './products/products.controller.js';
import { CATALOG_MANAGER_ROLE, MANAGE_PRODUCTS, READ_PRODUCTS, SUPPORT_AGENT_ROLE } from './scopes.js';
import { SiteLife } from './site-life.js';

@Module({
  imports: [
    WixAuthModule.forRootAsync({
      imports: [ConfigModule.forRoot(), SessionsModule],
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        appId: config.getOrThrow<string>('WIX_APP_ID'),
        appSecret: config.getOrThrow<string>('WIX_APP_SECRET'),
        publicKey: config.getOrThrow<string>('WIX_PUBLIC_KEY'),
        apiUrl: config.get<string>('WIX_API_URL'),
        grants: {
          userRoles: { [CATALOG_MANAGER_ROLE]: [MANAGE_PRODUCTS], [SUPPORT_AGENT_ROLE]: [READ_PRODUCTS] },
        },
      }),
      webhooks: { path: 'wix/webhooks' },
      install: {
        path: 'install/wix',
        publicUrl: () => process.env['PUBLIC_URL'] ?? 'http://localhost:3000',
        customAuthentication: true,
      },
      providers: [
        { provide: AccessAudit, useClass: ConsoleAudit },
        { provide: WixInstallHooks, useClass: Onboarding },
        {
          provide: RefreshTokenStore,
          inject: [ConfigService],
          useFactory: (config: ConfigService) => new FileRefreshTokenStore(config.getOrThrow('REFRESH_TOKEN_FOLDER')),
        },
      ],
    }),
    SessionsModule,
    TerminusModule,
  ],
  providers: [SiteLife, WixAuthHealthIndicator, { provide: APP_FILTER, useClass: WixApiExceptionFilter }],
  controllers: [
    HomeController,
    HealthController,
    MetricsController,
    InstallationController,
    InstallingController,
    ProductsController,
    RefusedByWixController,
    DashboardController,
  ],
})
export class AppModule {}
