import { compared } from '../measuring/comparison.js';
import { freshStarts } from '../measuring/fresh-starts.js';
import type { Round } from '../measuring/side-by-side.js';
import { markdownTable } from '../report/markdown-table.js';
import type { Section } from '../section.js';
import type { ClientOffer, ClientWay } from './client.process.js';

const labels: Record<ClientWay, string> = {
  axios: 'bare axios with a token at hand',
  axiosAgain: 'the same once more',
  ours: '`WixHttpService.asInstance().get()`',
  sdk: '`@wix/sdk` `fetchWithAuth()`',
};

/** Calls of Wix's APIs. */
export const clientSection: Section = async (surroundings) => {
  const settings = await surroundings.wix.call('settings');
  const instanceId = await surroundings.wix.call('instanceId');
  const starts = await freshStarts<ClientOffer, Round<ClientWay>[]>(
    surroundings,
    new URL('client.process.js', import.meta.url),
    (worker) => worker.call('compare', settings, instanceId),
  );
  const rows = (Object.keys(labels) as ClientWay[]).map((way) => {
    const { processorNs, elapsedNs, times, elapsedTimes } = compared(starts, way, 'axios');
    return [labels[way], us(elapsedNs), elapsedTimes.toFixed(2), us(processorNs), times.toFixed(2)];
  });
  return markdownTable(['a call of Wix', 'time', 'times bare axios', 'processor time', 'times bare axios'], rows);
};

const us = (ns: number): string => `${(ns / 1_000).toFixed(0)} µs`;
