import type { Offer } from '../process/remote.js';
import { Worker } from '../process/worker.js';
import type { Surroundings } from '../section.js';

/**
 * Runs the same in several processes, one after the other: what the compiler makes of code differs between starts.
 * Half as many as for servers, because these processes do little else than what is measured.
 */
export async function freshStarts<Functions extends Offer, Result>(
  { cores, starts }: Surroundings,
  file: URL,
  run: (worker: Worker<Functions>) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < starts / 2; start += 1) {
    const worker = new Worker<Functions>(file, cores.measured);
    results.push(await run(worker));
    await worker.stop();
  }
  return results;
}
