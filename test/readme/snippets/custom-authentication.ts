import type { Keyv } from 'keyv';
import {
  KeyvRefreshTokenStore,
  RefreshTokenStore,
  WixAuthModule,
  WixInstallHooks,
  type WixAuthOptions,
} from 'nestjs-wix-auth';

import { Onboarding } from './installation.js';

export const withCustomAuthentication = (options: WixAuthOptions, publicUrl: string, refreshTokens: Keyv) =>
  WixAuthModule.forRoot({
    ...options,
    install: { publicUrl, customAuthentication: true },
    providers: [
      { provide: WixInstallHooks, useClass: Onboarding },
      { provide: RefreshTokenStore, useFactory: () => new KeyvRefreshTokenStore(refreshTokens) },
    ],
  });
