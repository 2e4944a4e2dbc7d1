import { comparisonOf } from '../guard/guard.section.js';
import { redisVariants } from '../guard/variants.js';
import { Worker } from '../process/worker.js';
import { markdownTable } from '../report/markdown-table.js';
import type { Section, Surroundings } from '../section.js';
import type { Load, RedisOffer, TripLoad } from './redis.process.js';
import { RedisServer } from './redis-server.js';

const PROCESSES = 4;
const INSTANCES = 200;
const CALLERS = 200;
const TRIPS = 20;
const NONE = '';
const FILE = new URL('redis.process.js', import.meta.url);

const requests = {
  '/oauth2/token': 'mints',
  '/oauth2/token-info': 'questions about tokens',
  '/apps/v1/instance': 'questions about grants',
} as const;

type Counts = readonly number[];

/** What a Redis costs a guarded route, and what four processes request from Wix, without it and sharing it. */
export const redisSection: Section = async (surroundings) => {
  const redis = await RedisServer.start();
  const alone = await countsOf(surroundings, NONE);
  const shared = await countsOf(surroundings, redis.url);
  const trips = await tripsOf(surroundings, redis.port);
  const guarded = await comparisonOf(redisVariants, surroundings, 'fastify', redis.url);
  redis.stop();
  const rows = Object.values(requests).map((label, index) => [label, String(alone[index]), String(shared[index])]);
  return [
    `${PROCESSES} processes, each of which serves the same ${CALLERS} callers and ${INSTANCES} sites at once:`,
    markdownTable(['asked of Wix', 'each for itself', 'with Redis'], rows),
    'Trips to Redis (pipelined commands are one), the most of twenty:',
    markdownTable(
      ['a verification', 'a mint', 'all for a new caller on a new site: verification, mint, grants'],
      [trips.map(String)],
    ),
    guarded,
  ].join('\n\n');
};

async function tripsOf({ wix, cores }: Surroundings, redisPort: number): Promise<readonly number[]> {
  const load: TripLoad = {
    verified: await wix.call('newOwnerTokens', TRIPS),
    minted: await wix.call('instanceIds', TRIPS),
    granted: await wix.call('newOwnerTokens', TRIPS),
  };
  const worker = new Worker<RedisOffer>(FILE, cores.measured);
  const trips = await worker.call('trips', await wix.call('settings'), redisPort, load);
  await worker.stop();
  return trips;
}

async function countsOf({ wix, cores }: Surroundings, redisUrl: string): Promise<Counts> {
  const settings = await wix.call('settings');
  const load: Load = {
    userTokens: await wix.call('userTokens', CALLERS),
    instanceIds: await wix.call('instanceIds', INSTANCES),
  };
  const before = await countAll(wix);
  const workers = Array.from({ length: PROCESSES }, () => new Worker<RedisOffer>(FILE, cores.measured));
  await Promise.all(workers.map((worker) => worker.call('serve', settings, redisUrl, load)));
  await Promise.all(workers.map((worker) => worker.stop()));
  return (await countAll(wix)).map((count, index) => count - (before[index] ?? 0));
}

const countAll = (wix: Surroundings['wix']): Promise<number[]> =>
  Promise.all(Object.keys(requests).map((path) => wix.call('count', path)));
