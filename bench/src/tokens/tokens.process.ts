import { AppStrategy } from '@wix/sdk';
import { trustedInstanceId, WixTokenService } from 'nestjs-wix-auth';

import { emulatedApp } from '../emulator/emulated-app.js';
import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { pointSdkAt } from '../emulator/sdk-at-the-emulator.js';
import { sideBySide, type Round } from '../measuring/side-by-side.js';
import { awaitingEach } from '../measuring/ways.js';
import { offer } from '../process/offer.js';

export type TokenWay = 'map' | 'ours' | 'sdk';

const functions = {
  /** Requests the same instance's token for `callers` callers at once. */
  askAtOnce: async (settings: EmulatedSettings, instanceId: string, callers: number): Promise<void> => {
    const tokens = (await emulatedApp(settings)).get(WixTokenService);
    const id = trustedInstanceId(instanceId);
    await Promise.all(Array.from({ length: callers }, () => tokens.accessTokenFor(id)));
  },

  /** Compares what handing out cached tokens costs, the instances taking turns. */
  compare: async (settings: EmulatedSettings, instanceIds: readonly string[]): Promise<Round<TokenWay>[]> => {
    pointSdkAt(settings.apiUrl);
    const tokens = (await emulatedApp(settings)).get(WixTokenService);
    const ids = instanceIds.map((instanceId) => trustedInstanceId(instanceId));
    const cached = new Map(await Promise.all(ids.map(async (id) => [id, await tokens.accessTokenFor(id)] as const)));
    // One strategy per instance, held by the application: the SDK holds a token inside its strategy.
    const strategies = new Map(
      ids.map((id, index) => [id, AppStrategy({ ...settings, instanceId: instanceIds[index] ?? '' })] as const),
    );
    const noClient = undefined as never;
    await Promise.all([...strategies.values()].map(async (strategy) => strategy.getAuthHeaders(noClient)));

    // The bare look-up is awaited too: that is how a caller has to use the others.
    return sideBySide<TokenWay>(
      {
        map: awaitingEach(ids, (id) => cached.get(id)),
        ours: awaitingEach(ids, (id) => tokens.accessTokenFor(id)),
        sdk: awaitingEach(ids, (id) => strategies.get(id)?.getAuthHeaders(noClient)),
      },
      { rounds: 30, times: 100_000 },
    );
  },
};

/** The functions that the process of this section offers. */
export type TokensOffer = typeof functions;

offer(functions);
