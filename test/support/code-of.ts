/** The code of the error that a piece of work ends with, thrown or rejected; `'none'` when it ends well. */
export async function codeOf(work: () => unknown): Promise<unknown> {
  const error = await errorOf(work);
  return error === undefined ? 'none' : Reflect.get(error, 'code');
}

/** The error that a piece of work ends with, thrown or rejected; `undefined` when it ends well. */
export async function errorOf(work: () => unknown): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(`No error was thrown, but ${typeof error}.`);
  }
}
