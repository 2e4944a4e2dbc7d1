import { compared } from '../measuring/comparison.js';
import { freshStarts } from '../measuring/fresh-starts.js';
import { Worker } from '../process/worker.js';
import { markdownTable } from '../report/markdown-table.js';
import type { Section, Surroundings } from '../section.js';
import type { TokensOffer, TokenWay } from './tokens.process.js';

const CALLERS = 1_000;
const INSTANCES = 100;
const FILE = new URL('tokens.process.js', import.meta.url);

const labels: Record<TokenWay, string> = {
  map: 'a look-up in a `Map`, awaited',
  ours: '`accessTokenFor()`',
  sdk: '`@wix/sdk` `AppStrategy.getAuthHeaders()`, token cached',
};

/** Tokens of the app: how many are minted, and what handing out a cached one costs. */
export const tokensSection: Section = async (surroundings) => {
  const mints = await mintsForCallersAtOnce(surroundings);
  const settings = await surroundings.wix.call('settings');
  const instanceIds = await surroundings.wix.call('instanceIds', INSTANCES);
  const starts = await freshStarts<TokensOffer, Awaited<ReturnType<TokensOffer['compare']>>>(
    surroundings,
    FILE,
    (worker) => worker.call('compare', settings, instanceIds),
  );
  const rows = (Object.keys(labels) as TokenWay[]).map((way) => {
    const { processorNs, times } = compared(starts, way, 'map');
    return [labels[way], `${processorNs.toFixed(0)} ns`, times.toFixed(1)];
  });
  return [
    `${CALLERS.toLocaleString('en')} callers of one instance at once: ${mints} mint(s).`,
    markdownTable(['a cached token', 'processor time', 'times the look-up'], rows),
  ].join('\n\n');
};

async function mintsForCallersAtOnce({ wix, cores }: Surroundings): Promise<number> {
  const before = await wix.call('count', '/oauth2/token');
  const worker = new Worker<TokensOffer>(FILE, cores.measured);
  await worker.call('askAtOnce', await wix.call('settings'), await wix.call('instanceId'), CALLERS);
  await worker.stop();
  return (await wix.call('count', '/oauth2/token')) - before;
}
