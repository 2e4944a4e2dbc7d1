/**
 * Whether parsed JSON nests objects and lists deeper than so many levels; a text or number has none. Takes one level
 * after the other, since a function that calls itself ends in a `RangeError` on what it is meant to find.
 */
export function isDeeperThan(maxDepth: number, ...values: readonly unknown[]): boolean {
  let level = values.filter(isNested);
  for (let depth = 0; depth < maxDepth && level.length > 0; depth += 1) {
    level = membersOf(level);
  }
  return level.length > 0;
}

function membersOf(level: readonly object[]): object[] {
  const members: object[] = [];
  for (const value of level) {
    for (const member of Object.values(value) as unknown[]) if (isNested(member)) members.push(member);
  }
  return members;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
