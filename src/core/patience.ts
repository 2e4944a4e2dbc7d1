// Time is counted in so many parts. While the process is too busy to listen a part takes longer, so that what was
// answered in time is not taken for late.
const PARTS = 10;

/** Work took longer than there was patience for. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/**
 * What work comes to within so many milliseconds, counting only time in which this process was able to hear of it.
 * Goes on without it afterwards.
 *
 * @throws {@link TooSlow} otherwise.
 */
export async function patiently<Value>(ms: number, work: () => Promise<Value>): Promise<Value> {
  const impatience = impatientAfter(ms);
  try {
    return await Promise.race([work(), impatience.promise]);
  } finally {
    impatience.end();
  }
}

interface Impatience {
  readonly promise: Promise<never>;
  end(): void;
}

function impatientAfter(ms: number): Impatience {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const wait = (parts: number): void => {
      if (parts === 0) reject(new TooSlow());
      else timer = setTimeout(() => wait(parts - 1), ms / PARTS);
    };
    wait(PARTS);
  });
  return { promise, end: () => clearTimeout(timer) };
}
