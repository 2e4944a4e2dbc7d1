import { compared } from '../measuring/comparison.js';
import { freshStarts } from '../measuring/fresh-starts.js';
import type { Round } from '../measuring/side-by-side.js';
import { markdownTable } from '../report/markdown-table.js';
import type { Section } from '../section.js';
import type { WebhooksOffer, WebhookWay } from './webhooks.process.js';

const labels: Record<WebhookWay, string> = {
  verify: 'a bare `crypto.verify` with a `KeyObject`',
  verification: 'the verification in it: signature, dates and claims',
  ours: '`WixWebhookService.receive()`, an event without handlers',
  sdk: '`@wix/sdk` `webhooks.process()`',
};

/** Webhooks: verified, read and handed on. */
export const webhooksSection: Section = async (surroundings) => {
  const settings = await surroundings.wix.call('settings');
  const body = await surroundings.wix.call('webhookBody');
  const starts = await freshStarts<WebhooksOffer, Round<WebhookWay>[]>(
    surroundings,
    new URL('webhooks.process.js', import.meta.url),
    (worker) => worker.call('compare', settings, body),
  );
  const rows = (Object.keys(labels) as WebhookWay[]).map((way) => {
    const { processorNs, times } = compared(starts, way, 'verify');
    return [labels[way], `${(processorNs / 1_000).toFixed(1)} µs`, times.toFixed(2)];
  });
  return markdownTable(['a webhook', 'processor time', 'times the verification'], rows);
};
