import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { onWixTrace, type WixWebhookTrace } from 'nestjs-wix-auth';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const WEBHOOK_BEGINS = 'tracing:nestjs-wix-auth:webhook:start';

/** Records metrics of the module in a registry of prom-client, until it is ended. */
export function wixMetrics(registry: Registry): () => void {
  const registers = [registry];
  const decisions = new Counter({
    name: 'wix_auth_decisions_total',
    help: 'Decisions of guards.',
    labelNames: ['outcome', 'code'],
    registers,
  });
  const upstream = new Histogram({
    name: 'wix_auth_upstream_duration_seconds',
    help: 'Requests to Wix, with all their attempts.',
    labelNames: ['path', 'outcome'],
    registers,
  });
  const lookups = new Counter({
    name: 'wix_auth_cache_lookups_total',
    help: 'Look-ups of identities, by where the answer came from.',
    labelNames: ['source'],
    registers,
  });
  const mints = new Counter({
    name: 'wix_auth_mints_total',
    help: 'Tokens requested from Wix.',
    labelNames: ['outcome'],
    registers,
  });
  const circuits = new Gauge({
    name: 'wix_auth_circuit_open',
    help: '1 while an endpoint of Wix is not asked.',
    labelNames: ['endpoint', 'lane'],
    registers,
  });
  const stores = new Gauge({
    name: 'wix_auth_store_failing',
    help: '1 while a store fails.',
    labelNames: ['store'],
    registers,
  });
  const webhooks = new Counter({
    name: 'wix_auth_webhooks_total',
    help: 'Webhooks, once for every handler; those refused, once.',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const deadLetters = new Counter({
    name: 'wix_auth_dead_letters_total',
    help: 'Events that were given up, with a queue behind webhooks.',
    registers,
  });
  const atWork = new Set<WixWebhookTrace>();
  new Gauge({
    name: 'wix_auth_webhook_oldest_age_seconds',
    help: 'Time since Wix signed the oldest event that a handler is working on; 0 if there is none.',
    registers,
    collect() {
      const now = Date.now();
      this.set((now - Math.min(now, ...[...atWork].map(({ issuedAtMs = now }) => issuedAtMs))) / 1_000);
    },
  });
  // Prometheus sees no increase where a series begins: what an alert counts must be there before it happens.
  mints.inc({ outcome: 'failed' }, 0);
  const begins = (message: unknown): void => void atWork.add(message as WixWebhookTrace);
  subscribe(WEBHOOK_BEGINS, begins);
  const ends = [
    onWixTrace('decision', ({ outcome, code = '' }) => decisions.inc({ outcome, code })),
    onWixTrace('call', ({ path, outcome, tookMs }) => upstream.observe({ path, outcome }, tookMs / 1_000)),
    onWixTrace('verify', ({ from = 'wix' }) => lookups.inc({ source: from })),
    onWixTrace('mint', ({ from, outcome }) => {
      if (from === 'wix') mints.inc({ outcome });
    }),
    onWixTrace('circuit', ({ endpoint, lane, state }) => circuits.set({ endpoint, lane }, state === 'open' ? 1 : 0)),
    onWixTrace('store', ({ store, state }) => stores.set({ store }, state === 'failing' ? 1 : 0)),
    onWixTrace('webhook', (webhook) => {
      atWork.delete(webhook);
      webhooks.inc({ type: webhook.eventType ?? '', outcome: webhook.outcome });
      if (webhook.outcome === 'dead-letter') deadLetters.inc();
    }),
    () => unsubscribe(WEBHOOK_BEGINS, begins),
  ];
  return () => {
    for (const end of ends) end();
  };
}
