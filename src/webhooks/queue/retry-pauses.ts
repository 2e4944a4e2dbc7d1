import type { WebhookQueueSettings } from '../webhook.options.js';

/** Milliseconds to wait after a number of failed attempts: twice as long each time, up to a limit. */
export const pauseAfterMs = (
  attempts: number,
  { firstRetryMs, maxRetryMs }: Pick<WebhookQueueSettings, 'firstRetryMs' | 'maxRetryMs'>,
): number => Math.min(firstRetryMs * 2 ** (attempts - 1), maxRetryMs);
