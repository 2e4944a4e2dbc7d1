import { createPublicKey, verify } from 'node:crypto';

import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { AppStrategy, createClient } from '@wix/sdk';
import { WixWebhookService } from 'nestjs-wix-auth';

import { emulatedApp } from '../emulator/emulated-app.js';
import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import { sideBySide, type Round, type Way } from '../measuring/side-by-side.js';
import { awaiting } from '../measuring/ways.js';
import { offer } from '../process/offer.js';

export type WebhookWay = 'verify' | 'verification' | 'ours' | 'sdk';

interface Verifier {
  verify(token: string, rules: { readonly maxAgeMs: number; readonly required: readonly string[] }): unknown;
}

const RULES = { maxAgeMs: 72 * 3_600_000, required: [] };

const functions = {
  /** Compares taking a webhook with the one step that cannot be left out. */
  compare: async (settings: EmulatedSettings, body: string): Promise<Round<WebhookWay>[]> => {
    const { appId, publicKey } = settings;
    const app = await emulatedApp(settings, { webhooks: {} });
    const webhooks = app.get(WixWebhookService);
    const verifier = verifierOf(app);
    const sdk = createClient({ auth: AppStrategy({ appId, publicKey }), modules: {} });

    return sideBySide<WebhookWay>(
      {
        verify: bareVerify(publicKey, body),
        verification: awaiting(() => verifier.verify(body, RULES)),
        ours: awaiting(() => webhooks.receive(body)),
        sdk: awaiting(() => sdk.webhooks.process(body)),
      },
      { rounds: 30, times: 500 },
    );
  },
};

/** The functions that the process of this section offers. */
export type WebhooksOffer = typeof functions;

// No public name: the part of `receive()` that verifies.
function verifierOf(app: INestApplicationContext): Verifier {
  const providers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.providers.values()]);
  return providers.find(({ name }) => name === 'SignedTokenVerifier')?.instance as Verifier;
}

function bareVerify(pem: string, body: string): Way {
  const key = createPublicKey(pem);
  const signed = body.slice(0, body.lastIndexOf('.'));
  const signature = body.slice(signed.length + 1);
  return awaiting(() => verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url')));
}

offer(functions);
