import { Worker } from '../process/worker.js';
import type { Section, Surroundings } from '../section.js';
import type { MemoryOffer } from './memory.process.js';

const IDENTITIES = 100_000;
const BATCH = 1_000;
// Makes connections, compiled code and everything else that is there once be there before anything is measured.
const WARM_UP = 5_000;

/** What one cached identity takes when there are a hundred thousand. */
export const memorySection: Section = async ({ cores, wix }) => {
  const worker = new Worker<MemoryOffer>(new URL('memory.process.js', import.meta.url), cores.measured);
  await worker.call('start', await wix.call('settings'), IDENTITIES + WARM_UP);
  await verifyNew(WARM_UP, worker, wix);
  const before = await worker.call('bytes');
  const textBytes = await verifyNew(IDENTITIES, worker, wix);
  const bytes = ((await worker.call('bytes')) - before) / IDENTITIES;
  await worker.stop();

  const text = textBytes / IDENTITIES;
  return (
    `${IDENTITIES.toLocaleString('en')} cached identities: ${bytes.toFixed(0)} bytes each (heap and external), ` +
    `of which ${text.toFixed(0)} are the token's own text; without it ${(bytes - text).toFixed(0)}.`
  );
};

/** Answers how many characters the tokens had. */
async function verifyNew(count: number, worker: Worker<MemoryOffer>, wix: Surroundings['wix']): Promise<number> {
  let characters = 0;
  for (let done = 0; done < count; done += BATCH) {
    const tokens = await wix.call('userTokens', BATCH);
    await worker.call('verify', tokens);
    characters += tokens.reduce((sum, { length }) => sum + length, 0);
  }
  return characters;
}
