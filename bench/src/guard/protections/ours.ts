import { WixAuthModule, WixUserAuth, type WixAuthOptions } from 'nestjs-wix-auth';

import { MANAGE_PRODUCTS } from '../../emulator/scopes.js';
import type { GuardSettings } from '../guard-settings.js';
import type { Protection } from '../protection.js';

const HOUR_MS = 3_600_000;

type Cache = WixAuthOptions['cache'];

export const protection = ({ variant, appId, appSecret, apiUrl }: GuardSettings, cache?: Cache): Protection => ({
  guards: [WixUserAuth(variant === 'oursScoped' ? { scopes: [MANAGE_PRODUCTS] } : {})],
  metadata: {
    imports: [
      WixAuthModule.forRoot({
        appId,
        appSecret,
        apiUrl,
        requestTimeoutMs: 60_000,
        cache,
        grants: { ttlMs: HOUR_MS },
        verification: { ttlMs: HOUR_MS, maxEntries: 10_001, maxRequestsPerSecond: 1_000_000 },
      }),
    ],
  },
});
