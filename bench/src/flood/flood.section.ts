import { quantile } from 'simple-statistics';

import { Worker } from '../process/worker.js';
import { markdownTable } from '../report/markdown-table.js';
import type { Section, Surroundings } from '../section.js';
import type { GuardedAppOffer } from './guarded-app.process.js';
import { inventedTokens } from './invented-tokens.js';
import { StreamOfRequests, type Outcome } from './stream-of-requests.js';

const FAKES_PER_SECOND = [0, 150, 400, 1_000];
const CALLERS_PER_SECOND = 20;
const KNOWN_CALLERS = 100;
const DURATION_MS = 10_000;
// How long Wix takes to introspect a token, and how soon known tokens are introspected again.
const TOKEN_INFO_MS = 200;
const TTL_MS = 2_000;
const P95 = 0.95;

/** Who is served, and how soon, while strangers send invented tokens. */
export const floodSection: Section = async (surroundings) => {
  await surroundings.wix.call('delayTokenInfo', TOKEN_INFO_MS);
  const rows: (readonly string[])[] = [];
  for (const fakes of FAKES_PER_SECOND) rows.push([String(fakes), ...(await duringFlood(surroundings, fakes))]);
  await surroundings.wix.call('delayTokenInfo', 0);
  return [
    `${String(CALLERS_PER_SECOND)} known and ${String(CALLERS_PER_SECOND)} new callers a second, whom Wix is asked about in ` +
      `${String(TOKEN_INFO_MS)} ms each; a third of the fakes name random installations, a third a hundred known ones, a third one:`,
    markdownTable(
      [
        'fakes a second',
        'known callers served',
        'p95',
        'new callers served',
        'p95',
        'fakes answered 401',
        '503',
        'processor',
      ],
      rows,
    ),
  ].join('\n\n');
};

async function duringFlood({ wix, cores }: Surroundings, fakesPerSecond: number): Promise<readonly string[]> {
  const worker = new Worker<GuardedAppOffer>(new URL('guarded-app.process.js', import.meta.url), cores.measured);
  const url = await worker.call('start', await wix.call('settings'), { ttlMs: TTL_MS });
  const knownTokens = await wix.call('userTokens', KNOWN_CALLERS);
  const newTokens = await wix.call('userTokens', (CALLERS_PER_SECOND * DURATION_MS) / 1_000 + CALLERS_PER_SECOND);
  const named = await wix.call('floodedInstalls');
  // All callers are known from here on, including those that a flood is to name.
  await new StreamOfRequests(url, 100, inTurn([...knownTokens, ...named.tokens])).run(2_000);

  const beforeMs = await worker.call('processorMs');
  const invented = inventedTokens(knownTokens[0] ?? '', named.instanceIds);
  const [fakes, known, fresh] = await Promise.all([
    new StreamOfRequests(url, fakesPerSecond, () => invented.next().value).run(DURATION_MS),
    new StreamOfRequests(url, CALLERS_PER_SECOND, inTurn(knownTokens)).run(DURATION_MS),
    new StreamOfRequests(url, CALLERS_PER_SECOND, inTurn(newTokens)).run(DURATION_MS),
  ]);
  const busy = ((await worker.call('processorMs')) - beforeMs) / DURATION_MS;
  await worker.stop();
  return [
    ...served(known),
    ...served(fresh),
    answered(fakes, 401),
    answered(fakes, 503),
    `${(100 * busy).toFixed(0)} %`,
  ];
}

function inTurn(tokens: readonly string[]): () => string {
  let next = 0;
  return () => tokens[next++ % tokens.length] ?? '';
}

function served(outcomes: readonly Outcome[]): readonly [share: string, p95: string] {
  const times = outcomes.filter(({ status }) => status === 200).map(({ elapsedMs }) => elapsedMs);
  const p95 = times.length === 0 ? 'none' : `${quantile(times, P95).toFixed(0)} ms`;
  return [`${((100 * times.length) / outcomes.length).toFixed(1)} %`, p95];
}

const answered = (outcomes: readonly Outcome[], status: number): string =>
  String(outcomes.filter((outcome) => outcome.status === status).length);
