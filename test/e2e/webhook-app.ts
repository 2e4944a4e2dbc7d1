import { createPublicKey, randomUUID } from 'node:crypto';

import { Module, type DynamicModule } from '@nestjs/common';
import { WixAuthModule } from 'nestjs-wix-auth';
import type { EmulatedApp } from 'nestjs-wix-auth/testing';

import { SystemClock } from '../../src/core/clock.js';
import { SignedTokenVerifier } from '../../src/webhooks/signed-token.verifier.js';
import type { WixWebhookOptions } from '../../src/webhooks/webhook.options.js';
import { webhookControllers, webhookExports, webhookProviders } from '../../src/webhooks/webhooks.providers.js';

@Module({})
class WebhooksUnderTest {}

/** A registration that takes webhooks of an app. */
export function webhookModule(app: EmulatedApp, webhooks?: WixWebhookOptions): DynamicModule {
  const verifier = new SignedTokenVerifier([createPublicKey(app.publicKey)], app.appId, new SystemClock());
  return {
    module: WebhooksUnderTest,
    global: true,
    imports: [WixAuthModule.forRoot({ appId: app.appId, appSecret: randomUUID(), publicKey: app.publicKey })],
    providers: [{ provide: SignedTokenVerifier, useValue: verifier }, ...webhookProviders(webhooks)],
    controllers: [...webhookControllers(webhooks)],
    exports: [...webhookExports(webhooks)],
  };
}
