import { createPublicKey, randomUUID } from 'node:crypto';

import { Module, type DynamicModule, type Provider } from '@nestjs/common';

import { SystemClock } from '../../src/core/clock.js';
import { WixAuthModule } from '../../src/index.js';
import { SignedTokenVerifier } from '../../src/webhooks/signed-token.verifier.js';
import type { WixWebhookOptions } from '../../src/webhooks/webhook.options.js';
import { webhookControllers, webhookExports, webhookProviders } from '../../src/webhooks/webhooks.providers.js';

@Module({})
class WebhooksUnderTest {}

/** The app whose webhooks are taken. */
export interface AppOfWebhooks {
  readonly appId: string;
  readonly publicKey: string;
}

/** A registration that takes webhooks of an app; further providers replace its own. */
export function webhookModule(
  app: AppOfWebhooks,
  webhooks?: WixWebhookOptions,
  providers: readonly Provider[] = [],
): DynamicModule {
  const verifier = new SignedTokenVerifier([createPublicKey(app.publicKey)], app.appId, new SystemClock());
  return {
    module: WebhooksUnderTest,
    global: true,
    imports: [WixAuthModule.forRoot({ appId: app.appId, appSecret: randomUUID(), publicKey: app.publicKey })],
    providers: [{ provide: SignedTokenVerifier, useValue: verifier }, ...webhookProviders(webhooks), ...providers],
    controllers: [...webhookControllers(webhooks)],
    exports: [...webhookExports(webhooks)],
  };
}
