/**
 * The candidate that a text was probably meant to be: one that differs in case, separators or a few letters. None for a
 * text that is a candidate itself, or near to none.
 */
export function nearestTo(text: string, candidates: readonly string[]): string | undefined {
  if (candidates.includes(text)) return undefined;
  const limit = tolerated(text.length);
  const [nearest] = candidates
    .map((candidate) => ({ candidate, distance: distanceWithin(limit, letters(text), letters(candidate)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

const tolerated = (length: number): number => Math.min(3, Math.floor(length / 5));

const letters = (text: string): string => text.toLowerCase().replace(/[-_.:\s]+/g, '.');

// Levenshtein's distance, with two rows of its table; stops at the limit.
function distanceWithin(limit: number, a: string, b: string): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(a).entries()) {
    const next = [index + 1];
    for (const [other, candidate] of Array.from(b).entries()) {
      const replaced = (row[other] ?? 0) + (letter === candidate ? 0 : 1);
      next.push(Math.min(replaced, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
