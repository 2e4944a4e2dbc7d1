type Parent = Readonly<Record<string, unknown>>;

/** Where two OpenAPI documents differ: operations by method and path with the members that differ, and the rest by name. */
export function changedOperations(committed: object, actual: object): readonly string[] {
  const [before, after] = [partsOf(committed), partsOf(actual)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isSame(before[name], after[name]))
    .map((name) => `${name}: ${changedMembers(before[name], after[name]).join(', ')}`);
}

function partsOf(document: object): Parent {
  const { paths, ...rest } = document as Parent;
  const operations = Object.entries(objectOr(paths)).flatMap(([path, item]) =>
    Object.entries(objectOr(item)).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  );
  return { ...rest, ...(Object.fromEntries(operations) as Parent) };
}

function changedMembers(before: unknown, after: unknown): readonly string[] {
  if (before === undefined) return ['is new'];
  if (after === undefined) return ['is gone'];
  const [one, other] = [objectOr(before), objectOr(after)];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !isSame(one[name], other[name]));
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const objectOr = (value: unknown): Parent => (typeof value === 'object' && value !== null ? (value as Parent) : {});
