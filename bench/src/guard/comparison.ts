import { extent, median } from 'simple-statistics';

import type { Turn } from './guarded-server.js';
import type { VariantName } from './variants.js';

/** One turn of every variant, shortly after each other. */
export type Round = readonly Turn[];

/** The result of one variant. */
export interface Result {
  readonly variant: VariantName;
  readonly requestsPerSecond: number;
  /** Processor time of the server per request, in microseconds. */
  readonly processorUs: number;
  /** Processor time of the constant guard (the mean of its two servers) in the same round, divided by its own. */
  readonly ratio: number;
  /** The lowest and the highest ratio among the fresh starts. */
  readonly ratioSpread: readonly [number, number];
}

/** Compares the variants: the median over the rounds of each start, then over the starts. */
export const resultsOf = (starts: readonly (readonly Round[])[], names: readonly VariantName[]): Result[] =>
  names.map((variant) => {
    const turns = starts.flat(2).filter((turn) => turn.variant === variant);
    const ratios = starts.map((rounds) => median(rounds.map((round) => ratioOf(round, variant))));
    return {
      variant,
      requestsPerSecond: median(turns.map(({ requests, elapsedMs }) => (requests / elapsedMs) * 1_000)),
      processorUs: median(turns.map(costOf)),
      ratio: median(ratios),
      ratioSpread: extent(ratios),
    };
  });

const costOf = ({ processorMs, requests }: Turn): number => (processorMs / requests) * 1_000;

function ratioOf(round: Round, variant: VariantName): number {
  const cost = (name: VariantName): number => median(round.filter((turn) => turn.variant === name).map(costOf));
  return (cost('constant') + cost('constantAgain')) / 2 / cost(variant);
}
