/** A promise that a test settles when it likes. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: Error): void;
}

export function deferred<Value>(): Deferred<Value> {
  const settlers: Pick<Deferred<Value>, 'resolve' | 'reject'>[] = [];
  const promise = new Promise<Value>((resolve, reject) => settlers.push({ resolve, reject }));
  const [settler] = settlers;
  if (settler === undefined) throw new Error('A promise runs its executor at once.');
  return { promise, ...settler };
}

/** Lets everything run that waits for nothing but its turn. */
export const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
