import { createKeyv } from '@keyv/redis';
import { trustedInstanceId, WixGrantsService, WixIdentityService, WixTokenService } from 'nestjs-wix-auth';

import { emulatedApp } from '../emulator/emulated-app.js';
import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { offer } from '../process/offer.js';
import { TripProxy } from './trip-proxy.js';

/** What comes to one process of an app: callers with these tokens, and work for these sites. */
export interface Load {
  readonly userTokens: readonly string[];
  readonly instanceIds: readonly string[];
}

/** New callers to be verified, new sites to mint for, and new callers on new sites to be asked what they hold. */
export interface TripLoad {
  readonly verified: readonly string[];
  readonly minted: readonly string[];
  readonly granted: readonly string[];
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

  /** The most trips to Redis that a verification, a mint, and all that a new caller needs have taken. */
  trips: async (settings: EmulatedSettings, redisPort: number, load: TripLoad): Promise<readonly number[]> => {
    const proxy = await TripProxy.start(redisPort);
    const app = await emulatedApp(settings, { cache: { stores: [createKeyv(proxy.url)] } });
    const verify = (token: string) => app.get(WixIdentityService).verify(token);
    const most = async <Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<number> => {
      const counts: number[] = [];
      for (const item of items) counts.push(await proxy.during(() => work(item)));
      return Math.max(...counts);
    };
    const found = [
      await most(load.verified, verify),
      await most(load.minted, (id) => app.get(WixTokenService).accessTokenFor(trustedInstanceId(id))),
      await most(load.granted, async (token) => app.get(WixGrantsService).grantsOf(await verify(token))),
    ];
    await app.close();
    proxy.stop();
    return found;
  },
};

/** The functions that a process of this section offers. */
export type RedisOffer = typeof functions;

offer(functions);
