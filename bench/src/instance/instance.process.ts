import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

import { WixIdentityService } from 'nestjs-wix-auth';

import { emulatedApp } from '../emulator/emulated-app.js';
import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { sideBySide, type Round } from '../measuring/side-by-side.js';
import { withEach } from '../measuring/ways.js';
import { offer } from '../process/offer.js';

export type InstanceWay = 'hmac' | 'first' | 'again';

const functions = {
  /** Compares verifying signed instances with the one step that cannot be left out. */
  compare: async (settings: EmulatedSettings, signedInstances: readonly string[]): Promise<Round<InstanceWay>[]> => {
    // Where one is cached, many in turn are always new.
    const forgetful = (await emulatedApp(settings, { verification: { maxEntries: 1 } })).get(WixIdentityService);
    const remembering = (await emulatedApp(settings)).get(WixIdentityService);
    const key = createSecretKey(Buffer.from(settings.appSecret));
    return sideBySide<InstanceWay>(
      {
        hmac: withEach(signedInstances, (instance) => bareHmac(key, instance)),
        first: withEach(signedInstances, (instance) => forgetful.verifySignedInstance(instance)),
        again: withEach(signedInstances, (instance) => remembering.verifySignedInstance(instance)),
      },
      { rounds: 30, times: 10_000 },
    );
  },
};

/** The functions that the process of this section offers. */
export type InstanceOffer = typeof functions;

function bareHmac(key: Parameters<typeof createHmac>[1], signedInstance: string): boolean {
  const [signature = '', data = ''] = signedInstance.split('.');
  return timingSafeEqual(createHmac('sha256', key).update(data).digest(), Buffer.from(signature, 'base64url'));
}

offer(functions);
