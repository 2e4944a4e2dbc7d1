import { WixIdentityService } from 'nestjs-wix-auth';

import { emulatedApp } from '../emulator/emulated-app.js';
import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { offer } from '../process/offer.js';

const HOUR_MS = 3_600_000;
const AT_ONCE = 100;

let identities: WixIdentityService | undefined;

const functions = {
  /** Starts the app. */
  start: async (settings: EmulatedSettings, maxEntries: number): Promise<void> => {
    const verification = { ttlMs: HOUR_MS, maxEntries, maxRequestsPerSecond: 1_000_000 };
    identities = (await emulatedApp(settings, { verification })).get(WixIdentityService);
  },

  /** Verifies tokens, which are cached from then on. */
  verify: async (tokens: readonly string[]): Promise<void> => {
    for (let first = 0; first < tokens.length; first += AT_ONCE) {
      await Promise.all(tokens.slice(first, first + AT_ONCE).map((token) => started().verify(token)));
    }
  },

  /** What is in use after garbage was collected, in bytes, on the heap and outside of it. */
  bytes: async (): Promise<number> => {
    // What ended with the last task is garbage for the next one only.
    for (let round = 0; round < 4; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      globalThis.gc?.();
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
};

/** The functions that the process of this section offers. */
export type MemoryOffer = typeof functions;

function started(): WixIdentityService {
  if (identities === undefined) throw new Error('Call start() first.');
  return identities;
}

offer(functions);
