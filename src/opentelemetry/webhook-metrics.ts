import type { Attributes, Meter } from '@opentelemetry/api';

import type { WixWebhookTrace } from '../diagnostics/trace-messages.js';
import { BoundedLabels } from './bounded-labels.js';
import type { HeardTraces } from './heard-traces.js';

const SECOND_MS = 1_000;

/** Counts webhooks, and measures the age of those that handlers are working on. */
export function measureWebhooks(meter: Meter, heard: HeardTraces, nowMs: () => number): void {
  const types = new BoundedLabels();
  const labelsOf = ({ appId, eventType, handler }: WixWebhookTrace): Attributes => ({
    'wix_auth.app_id': appId,
    ...(eventType !== undefined && { 'wix_auth.event_type': types.of(eventType) }),
    ...(handler !== undefined && { 'wix_auth.handler': handler }),
  });
  countWebhooks(meter, heard, labelsOf);
  watchOldest(meter, heard, nowMs, labelsOf);
}

type LabelsOf = (webhook: WixWebhookTrace) => Attributes;

function countWebhooks(meter: Meter, heard: HeardTraces, labelsOf: LabelsOf): void {
  const webhooks = meter.createCounter('wix_auth.webhooks', {
    description: 'Webhooks, once for every handler, by outcome.',
  });
  const duration = meter.createHistogram('wix_auth.webhook.duration', { unit: 's', description: 'Runs of handlers.' });
  heard.onOver('webhook', (webhook) => {
    const labels = { ...labelsOf(webhook), 'wix_auth.outcome': webhook.outcome };
    webhooks.add(1, labels);
    if (RAN.includes(webhook.outcome)) duration.record(webhook.tookMs / SECOND_MS, labels);
  });
}

const RAN: readonly string[] = ['done', 'failed'];

function watchOldest(meter: Meter, heard: HeardTraces, nowMs: () => number, labelsOf: LabelsOf): void {
  const atWork = new Set<WixWebhookTrace>();
  heard.onBegun('webhook', (webhook) => atWork.add(webhook));
  heard.onOver('webhook', (webhook) => atWork.delete(webhook));
  const oldest = meter.createObservableGauge('wix_auth.webhook.oldest_age', {
    unit: 's',
    description: 'Time since Wix signed the oldest event that a handler is working on; 0 if there is none.',
  });
  const known = new Map<string, Attributes>();
  oldest.addCallback((result) => {
    const ages = new Map([...known.keys()].map((key) => [key, 0]));
    for (const webhook of atWork) {
      const labels = labelsOf(webhook);
      const key = JSON.stringify(labels);
      known.set(key, labels);
      ages.set(key, Math.max(ages.get(key) ?? 0, (nowMs() - (webhook.issuedAtMs ?? nowMs())) / SECOND_MS));
    }
    for (const [key, age] of ages) result.observe(age, known.get(key) ?? {});
  });
}
