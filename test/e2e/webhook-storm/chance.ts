import { createHash, randomInt } from 'node:crypto';

/** What `SEED` says, or a new seed. */
export const seedOf = ({ SEED }: NodeJS.ProcessEnv): number => (SEED === undefined ? randomInt(2 ** 32) : Number(SEED));

/**
 * A number from 0 to 1, 1 excluded, that looks like chance and is always the same for the same seed and name. It does
 * not depend on what was asked before: processes ask in an order that no seed can repeat.
 */
export function chanceOf(seed: number, ...name: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...name]))
    .digest();
  return digest.readUInt32BE() / 2 ** 32;
}
