// Time is counted in so many parts. While the process is too busy to listen a part takes longer, so that what was
// answered in time is not taken for late.
const PARTS = 10;

/** Work took longer than there was patience for. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * What work comes to within so many milliseconds, counting only time in which this process was able to hear of it.
 * Goes on without it afterwards.
 *
 * @throws {@link TimeoutError} otherwise.
 */
export async function withTimeout<Value>(ms: number, work: () => Promise<Value>): Promise<Value> {
  const timeout = timeoutAfter(ms);
  try {
    return await Promise.race([work(), timeout.promise]);
  } finally {
    timeout.end();
  }
}

interface Timeout {
  readonly promise: Promise<never>;
  end(): void;
}

function timeoutAfter(ms: number): Timeout {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const wait = (parts: number): void => {
      if (parts === 0) reject(new TimeoutError());
      else timer = setTimeout(() => wait(parts - 1), ms / PARTS);
    };
    wait(PARTS);
  });
  return { promise, end: () => clearTimeout(timer) };
}
