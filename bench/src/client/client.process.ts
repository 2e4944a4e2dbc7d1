import { Agent } from 'node:http';

import { AppStrategy, createClient } from '@wix/sdk';
import axios from 'axios';
import { trustedInstanceId, WixHttpService, WixTokenService } from 'nestjs-wix-auth';
import { firstValueFrom } from 'rxjs';

import { emulatedApp } from '../emulator/emulated-app.js';
import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { pointSdkAt, WIX } from '../emulator/sdk-at-the-emulator.js';
import { sideBySide, type Round } from '../measuring/side-by-side.js';
import { awaiting } from '../measuring/ways.js';
import { offer } from '../process/offer.js';

export type ClientWay = 'axios' | 'axiosAgain' | 'ours' | 'sdk';

const PATH = '/stores/v3/products/query';

const functions = {
  /** Compares calls of Wix, one after the other over a connection that stays open. */
  compare: async (settings: EmulatedSettings, instance: string): Promise<Round<ClientWay>[]> => {
    pointSdkAt(settings.apiUrl);
    const app = await emulatedApp(settings);
    const trusted = trustedInstanceId(instance);
    const { value } = await app.get(WixTokenService).accessTokenFor(trusted);
    const bare = axios.create({
      baseURL: settings.apiUrl,
      headers: { authorization: value },
      httpAgent: new Agent({ keepAlive: true }),
    });
    const wix = app.get(WixHttpService);
    const sdk = createClient({ auth: AppStrategy({ ...settings, instanceId: instance }), modules: {} });

    return sideBySide<ClientWay>(
      {
        axios: awaiting(() => bare.get(PATH)),
        axiosAgain: awaiting(() => bare.get(PATH)),
        ours: awaiting(() => firstValueFrom(wix.asInstance(trusted).get(PATH))),
        sdk: awaiting(async () => (await sdk.fetchWithAuth(`${WIX}${PATH}`)).json()),
      },
      { rounds: 40, times: 100 },
    );
  },
};

/** The functions that the process of this section offers. */
export type ClientOffer = typeof functions;

offer(functions);
