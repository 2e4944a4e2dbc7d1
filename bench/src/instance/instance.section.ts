import { compared } from '../measuring/comparison.js';
import { freshStarts } from '../measuring/fresh-starts.js';
import type { Round } from '../measuring/side-by-side.js';
import { markdownTable } from '../report/markdown-table.js';
import type { Section } from '../section.js';
import type { InstanceOffer, InstanceWay } from './instance.process.js';

const INSTANCES = 100;

const labels: Record<InstanceWay, string> = {
  hmac: 'a bare HMAC-SHA256 with a `KeyObject`, compared in constant time',
  first: '`verifySignedInstance()`, seen for the first time',
  again: '`verifySignedInstance()`, seen within `verification.ttlMs`',
};

/** Signed instances, verified offline. */
export const instanceSection: Section = async (surroundings) => {
  const settings = await surroundings.wix.call('settings');
  const signedInstances = await surroundings.wix.call('signedInstances', INSTANCES);
  const starts = await freshStarts<InstanceOffer, Round<InstanceWay>[]>(
    surroundings,
    new URL('instance.process.js', import.meta.url),
    (worker) => worker.call('compare', settings, signedInstances),
  );
  const rows = (Object.keys(labels) as InstanceWay[]).map((way) => {
    const { processorNs, times } = compared(starts, way, 'hmac');
    return [labels[way], `${(processorNs / 1_000).toFixed(1)} µs`, times.toFixed(2)];
  });
  return markdownTable(['a signed instance', 'processor time', 'times the HMAC'], rows);
};
