import { randomUUID } from 'node:crypto';

import type { DynamicModule, Provider } from '@nestjs/common';

import { WixAuthModule, type WixAuthExtras } from '../../src/index.js';
import type { WixWebhookOptions } from '../../src/webhooks/webhook.options.js';

/** The app whose webhooks are taken. */
export interface AppOfWebhooks {
  readonly appId: string;
  readonly publicKey: string;
}

/** A registration that takes webhooks of an app; further providers replace its own. */
export const webhookModule = (
  { appId, publicKey }: AppOfWebhooks,
  webhooks?: WixWebhookOptions,
  providers: readonly Provider[] = [],
  extras: Partial<WixAuthExtras> = {},
): DynamicModule =>
  WixAuthModule.forRoot({ appId, appSecret: randomUUID(), publicKey, webhooks, providers, ...extras });
