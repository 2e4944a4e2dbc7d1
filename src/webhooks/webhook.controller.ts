import { applyDecorators, Controller, HttpCode, Post, SetMetadata, VERSION_NEUTRAL, type Type } from '@nestjs/common';

import { PUBLIC_ROUTE, WEBHOOK_ENDPOINT } from '../core/marks.js';
import { WixRawBody } from '../signed-requests/bodies/captured-body.js';
import type { WebhookSettings } from './webhook.options.js';
import { WixWebhookService } from './wix-webhook.service.js';

/** Whether a controller is the endpoint of a registration. */
export const isWebhookEndpoint = (controller: Type): boolean => Reflect.hasMetadata(WEBHOOK_ENDPOINT, controller);

/** The endpoint of one registration: a class of its own, since its path and decorators are. */
export function webhookController({ path, decorators }: Pick<WebhookSettings, 'path' | 'decorators'>): Type {
  @Controller({ path, version: VERSION_NEUTRAL })
  @SetMetadata(PUBLIC_ROUTE, true)
  @SetMetadata(WEBHOOK_ENDPOINT, true)
  @applyDecorators(...decorators)
  class WixWebhookController {
    readonly #webhooks: WixWebhookService;

    constructor(webhooks: WixWebhookService) {
      this.#webhooks = webhooks;
    }

    @Post()
    @HttpCode(200)
    receive(@WixRawBody() body: Buffer): Promise<void> {
      return this.#webhooks.receive(body);
    }
  }
  return WixWebhookController;
}
