import { Worker } from './process/worker.js';
import type { EmulatorOffer } from './emulator/emulator.process.js';
import type { Consumption, GuardedAppOffer } from './flood/guarded-app.process.js';
import { inventedTokens } from './flood/invented-tokens.js';
import { StreamOfRequests } from './flood/stream-of-requests.js';
import { markdownTable } from './report/markdown-table.js';

// `npm run soak -- 60`: how many seconds.
const DURATION_MS = 1_000 * Number(process.argv[2] ?? 300);
const LOOKS = 20;
const KNOWN_CALLERS = 200;
const KNOWN_PER_SECOND = 100;
const NEW_PER_SECOND = 40;
const FAKES_PER_SECOND = 150;
const BATCH = 1_000;

/** Tokens of new callers, without end, fetched before they are needed. */
class NewTokens {
  readonly #wix: Worker<EmulatorOffer>;
  #tokens: string[] = [];
  #isFetching = false;

  constructor(wix: Worker<EmulatorOffer>) {
    this.#wix = wix;
  }

  next(): string {
    if (this.#tokens.length < BATCH / 2 && !this.#isFetching) void this.fetch();
    return this.#tokens.pop() ?? '';
  }

  async fetch(): Promise<void> {
    this.#isFetching = true;
    this.#tokens = [...this.#tokens, ...(await this.#wix.call('userTokens', BATCH))];
    this.#isFetching = false;
  }
}

const wix = new Worker<EmulatorOffer>(new URL('emulator/emulator.process.js', import.meta.url), undefined);
const app = new Worker<GuardedAppOffer>(new URL('flood/guarded-app.process.js', import.meta.url), undefined);
// A cache that is full after a minute, so that what grows afterwards is not meant to.
const url = await app.call('start', await wix.call('settings'), { ttlMs: 10_000, maxEntries: 2_000 });
const knownTokens = await wix.call('userTokens', KNOWN_CALLERS);
const newTokens = new NewTokens(wix);
await newTokens.fetch();
const invented = inventedTokens(knownTokens[0] ?? '', (await wix.call('floodedInstalls')).instanceIds);

const rows: (readonly string[])[] = [];
const consumed: Consumption[] = [];
for (let look = 1; look <= LOOKS; look += 1) {
  const durationMs = DURATION_MS / LOOKS;
  const streams = [
    new StreamOfRequests(url, KNOWN_PER_SECOND, () => knownTokens[Math.floor(Math.random() * KNOWN_CALLERS)] ?? ''),
    new StreamOfRequests(url, NEW_PER_SECOND, () => newTokens.next()),
    new StreamOfRequests(url, FAKES_PER_SECOND, () => invented.next().value),
  ];
  const outcomes = await Promise.all(streams.map((stream) => stream.run(durationMs)));
  const consumption = await app.call('consumption');
  consumed.push(consumption);
  const served = outcomes
    .slice(0, 2)
    .flat()
    .filter(({ status }) => status === 200).length;
  rows.push(rowOf((look * durationMs) / 1_000, consumption, served / outcomes.slice(0, 2).flat().length));
}
await app.stop();
await wix.stop();

console.log(
  markdownTable(['seconds', 'heap, MB', 'RSS, MB', 'event loop p99, ms', 'open handles', 'callers served'], rows),
);
console.log(
  `\nFrom the middle to the end: ${growth((one) => one.heapBytes)} of heap, ${growth((one) => one.rssBytes)} of RSS.`,
);

function rowOf(seconds: number, { heapBytes, rssBytes, loopDelayP99Ms, openHandles }: Consumption, share: number) {
  return [
    seconds.toFixed(0),
    megabytes(heapBytes),
    megabytes(rssBytes),
    loopDelayP99Ms.toFixed(1),
    String(openHandles),
    `${(100 * share).toFixed(1)} %`,
  ];
}

function growth(of: (consumption: Consumption) => number): string {
  const middle = consumed[Math.floor(LOOKS / 2) - 1];
  const last = consumed.at(-1);
  return middle && last ? `${megabytes(of(last) - of(middle))} MB` : 'unknown';
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
