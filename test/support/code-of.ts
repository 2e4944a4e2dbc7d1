/** The code of the error that a piece of work ends with, thrown or rejected; `'none'` when it ends well. */
export async function codeOf(work: () => unknown): Promise<unknown> {
  const error = await errorOf(work);
  if (error === undefined) return 'none';
  const code: unknown = Reflect.get(error, 'code');
  return code ?? payloadCodeOf(error);
}

// Nest's exceptions for messages keep what clients are sent in a payload of their own.
function payloadCodeOf(error: Error): unknown {
  const getError: unknown = Reflect.get(error, 'getError');
  if (typeof getError !== 'function') return undefined;
  const payload: unknown = getError.call(error);
  return typeof payload === 'object' && payload !== null && 'code' in payload ? payload.code : undefined;
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
