import type { Offer, RemoteAnswer, RemoteCall } from './remote.js';

/** Lets the process that started this one call these functions. Ends with it. */
export function offer(functions: Offer): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (call: RemoteCall) => void answer(functions, call).then((outcome) => process.send?.(outcome)));
}

async function answer(functions: Offer, { id, name, args }: RemoteCall): Promise<RemoteAnswer> {
  try {
    return { id, result: await functions[name]?.(...(args as never[])) };
  } catch (error) {
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
