import { shuffle } from 'simple-statistics';

import { processorMs } from './processor-time.js';

/** Does the same thing so many times over. */
export type Way = (times: number) => Promise<void> | void;

/** What one operation cost in one round: nanoseconds of processor time, and of time on the clock. */
export interface Cost {
  readonly processorNs: number;
  readonly elapsedNs: number;
}

/** What every way cost, by name. */
export type Round<Name extends string> = Readonly<Record<Name, Cost>>;

/**
 * Measures several ways in turns, so that whatever disturbs the machine disturbs them all. The first rounds do not
 * count: the compiler is at work then.
 */
export async function sideBySide<Name extends string>(
  ways: Readonly<Record<Name, Way>>,
  { rounds, times }: { readonly rounds: number; readonly times: number },
): Promise<Round<Name>[]> {
  const measured: Round<Name>[] = [];
  const warmUp = Math.ceil(rounds / 2);
  for (let round = -warmUp; round < rounds; round += 1) {
    const costs = await oneRound(ways, times);
    if (round >= 0) measured.push(costs);
  }
  return measured;
}

async function oneRound<Name extends string>(ways: Readonly<Record<Name, Way>>, times: number): Promise<Round<Name>> {
  const costs: Partial<Record<Name, Cost>> = {};
  for (const name of shuffle(Object.keys(ways) as Name[])) costs[name] = await costOf(ways[name], times);
  return costs as Round<Name>;
}

async function costOf(way: Way, times: number): Promise<Cost> {
  const startedMs = performance.now();
  const beforeMs = processorMs();
  await way(times);
  const processorNs = ((processorMs() - beforeMs) * 1e6) / times;
  return { processorNs, elapsedNs: ((performance.now() - startedMs) * 1e6) / times };
}
