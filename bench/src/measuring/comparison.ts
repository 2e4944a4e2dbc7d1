import { extent, median } from 'simple-statistics';

import type { Cost, Round } from './side-by-side.js';

/** The result of one way: medians, and how it compares with the way that is the measure. */
export interface Compared extends Cost {
  /** Its processor time divided by the other's in the same round. */
  readonly times: number;
  /** The same for time on the clock. */
  readonly elapsedTimes: number;
  /** The lowest and the highest of `times` among the fresh starts. */
  readonly timesSpread: readonly [number, number];
}

/** Compares a way with another: the median over the rounds of each start, then over the starts. */
export function compared<Name extends string>(
  starts: readonly (readonly Round<Name>[])[],
  name: NoInfer<Name>,
  measure: NoInfer<Name>,
): Compared {
  const ratios = (field: keyof Cost): number[] =>
    starts.map((rounds) => median(rounds.map((round) => round[name][field] / round[measure][field])));
  const middle = (field: keyof Cost): number => median(starts.flat().map((round) => round[name][field]));
  return {
    processorNs: middle('processorNs'),
    elapsedNs: middle('elapsedNs'),
    times: median(ratios('processorNs')),
    elapsedTimes: median(ratios('elapsedNs')),
    timesSpread: extent(ratios('processorNs')),
  };
}
