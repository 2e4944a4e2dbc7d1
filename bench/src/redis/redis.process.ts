import { createKeyv } from '@keyv/redis';
import { trustedInstanceId, WixGrantsService, WixIdentityService, WixTokenService } from 'nestjs-wix-auth';

import { emulatedApp } from '../emulator/emulated-app.js';
import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { offer } from '../process/offer.js';

/** What comes to one process of an app: callers with these tokens, and work for these sites. */
export interface Load {
  readonly userTokens: readonly string[];
  readonly instanceIds: readonly string[];
}

const functions = {
  /** Serves the load: every caller is verified and asked for what they hold, every site gets a token. */
  serve: async (settings: EmulatedSettings, redisUrl: string, load: Load): Promise<void> => {
    const cache = redisUrl === '' ? {} : { cache: { stores: [createKeyv(redisUrl)] } };
    const app = await emulatedApp(settings, { requestTimeoutMs: 60_000, ...cache });
    const tokens = app.get(WixTokenService);
    await Promise.all([
      ...load.userTokens.map(async (token) => {
        const identity = await app.get(WixIdentityService).verify(token);
        await app.get(WixGrantsService).appGrants(identity);
      }),
      ...load.instanceIds.map(async (id) => tokens.accessTokenFor(trustedInstanceId(id))),
    ]);
  },
};

/** What a process of this section can be asked. */
export type RedisOffer = typeof functions;

offer(functions);
