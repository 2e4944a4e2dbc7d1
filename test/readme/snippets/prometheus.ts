import { onWixTrace } from 'nestjs-wix-auth';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Keeps metrics of the module in a registry of prom-client, until it is ended. */
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
    help: 'Tokens that Wix was asked for.',
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
    help: 'Webhooks, once for every handler.',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const ends = [
    onWixTrace('decision', ({ outcome, code = '' }) => decisions.inc({ outcome, code })),
    onWixTrace('call', ({ path, outcome, tookMs }) => upstream.observe({ path, outcome }, tookMs / 1_000)),
    onWixTrace('verify', ({ from = 'wix' }) => lookups.inc({ source: from })),
    onWixTrace('mint', ({ from, outcome }) => {
      if (from === 'wix') mints.inc({ outcome });
    }),
    onWixTrace('circuit', ({ endpoint, lane, state }) => circuits.set({ endpoint, lane }, state === 'open' ? 1 : 0)),
    onWixTrace('store', ({ store, state }) => stores.set({ store }, state === 'failing' ? 1 : 0)),
    onWixTrace('webhook', ({ eventType = '', outcome }) => webhooks.inc({ type: eventType, outcome })),
  ];
  return () => {
    for (const end of ends) end();
  };
}
