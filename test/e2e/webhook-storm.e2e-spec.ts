import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import type { WebhookDelivery } from '../../src/testing/emulator/webhooks/delivery.js';
import { eventKey, workKey } from '../../src/webhooks/events/event-key.js';
import { instanceIdFromWix } from '../../src/core/identities/wix-instance-id.js';
import { compileInto, kill, startProcess } from '../support/compiled.js';
import { freePort } from '../support/free-port.js';
import { RedisServer, type RawRedisClient } from '../support/redis-server.js';
import { claimedBy, DONE, type LedgerSlot } from '../../src/redis/ledger-slot.js';
import { chanceOf, seedOf } from './webhook-storm/chance.js';
import { linesIn } from './webhook-storm/file-event-ledger.js';
import { slotOf } from './webhook-storm/ledger-credentials.js';
import type { ReceiverSetup } from './webhook-storm/receiver.js';

const HANDLERS = ['first', 'second'];
const AT_ONCE = 100;
// Wix's pauses of a minute, ten minutes, an hour and two become 0.05, 0.5, 3 and 6 seconds.
const SPEED = 1_200;
const SEED = seedOf(process.env);

describe('a storm of webhooks on a process that is killed in the middle', () => {
  const directory = mkdtempSync(join(tmpdir(), 'webhook-storm-'));
  const main = join(directory, 'test/e2e/webhook-storm/receiver.js');
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let receivers: ChildProcess[] = [];

  beforeAll(async () => {
    // Said before anything can fail or hang.
    process.stdout.write(`storm: SEED=${SEED} repeats what chance decides in it\n`);
    compileInto(directory, ['test/e2e/webhook-storm', 'test/e2e/webhook-app.ts', 'test/support/redis-connections.ts']);
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
  });

  afterEach(async () => {
    await Promise.all(receivers.map(kill));
    receivers = [];
  });

  afterAll(async () => {
    await wix.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function setupOf(name: string, ledger: ReceiverSetup['ledger'], successPath: string): Promise<ReceiverSetup> {
    return {
      name,
      appId: app.appId,
      publicKey: app.publicKey,
      port: await freePort(),
      ledger,
      successPath,
      seed: SEED,
    };
  }

  const start = async (setups: readonly ReceiverSetup[]): Promise<void> => {
    receivers = await Promise.all(setups.map((setup) => startProcess(main, setup)));
  };

  /** Kills the first receiver while it is at work, starts it again, and tells what it was working at. */
  async function crash(
    setup: ReceiverSetup,
    look: () => ReadonlySet<string> | Promise<ReadonlySet<string>>,
  ): Promise<ReadonlySet<string>> {
    const [first, ...others] = receivers;
    if (first === undefined) throw new Error('There is no process to kill.');
    const found = await stoppedAtWork(first, look);
    await kill(first);
    receivers = [await startProcess(main, setup), ...others];
    return found;
  }

  it('loses nothing, and repeats only what was in progress at the kill', async () => {
    const ledgerPath = join(directory, 'ledger.txt');
    const successPath = join(directory, 'successes.txt');
    const setup = await setupOf('only', { path: ledgerPath }, successPath);
    await start([setup]);

    const storm = await blow(wix, install, 10_000, [setup], () => crash(setup, () => workIn(ledgerPath)));
    expectNothingLost(storm, countsIn(successPath));
    expect(workIn(ledgerPath).size).toBe(0);
  }, 120_000);

  it('loses nothing when two processes share a ledger in Redis and one of them is killed', async () => {
    const redis = await RedisServer.start();
    try {
      const client = await redis.client();
      const successPath = join(directory, 'successes-of-two.txt');
      const ledger = { redis: redis.url };
      const setups = [await setupOf('one', ledger, successPath), await setupOf('two', ledger, successPath)] as const;
      await start(setups);

      const view = new LedgerView(client, keysOf(install, 1_000).values());
      const storm = await blow(wix, install, 1_000, setups, () => crash(setups[0], () => view.claimsOf('one')));
      expectNothingLost(storm, countsIn(successPath));
      expect((await view.claimsOf('')).size).toBe(0);
    } finally {
      await redis.stop();
    }
  }, 120_000);
});

/** Stops a process, so that what it works at can be looked at; lets it go on for a moment when it is idle. */
async function stoppedAtWork(
  receiver: ChildProcess,
  look: () => ReadonlySet<string> | Promise<ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  receiver.kill('SIGSTOP');
  const found = await look();
  if (found.size > 0) return found;
  receiver.kill('SIGCONT');
  await new Promise((resolve) => setTimeout(resolve, 10));
  return stoppedAtWork(receiver, look);
}

/** What happened in a storm. */
interface Storm {
  /** The ledger's key of each piece of work, by the words the handlers write. */
  readonly keys: ReadonlyMap<string, string>;
  readonly deliveries: readonly WebhookDelivery[];
  readonly delivered: readonly boolean[];
  /** The keys of what was in work in the process that died. */
  readonly cutOff: ReadonlySet<string>;
  readonly sentMs: number;
  readonly allMs: number;
}

/** Sends events to all receivers and waits until everything is delivered; one of them crashes in the middle. */
async function blow(
  wix: WixEmulator,
  install: EmulatedInstall,
  events: number,
  receivers: readonly ReceiverSetup[],
  crash: () => Promise<ReadonlySet<string>>,
): Promise<Storm> {
  const startedMs = Date.now();
  const send = (number: number) => receivers.map((receiver) => sendEvent(wix, install, receiver, number));
  const { deliveries, cutOff } = await sendAll(events, send, crash);
  const sentMs = Date.now() - startedMs;
  const delivered = await Promise.all(deliveries.map((delivery) => delivery.delivered));
  return { keys: keysOf(install, events), deliveries, delivered, cutOff, sentMs, allMs: Date.now() - startedMs };
}

function expectNothingLost(storm: Storm, counts: ReadonlyMap<string, number>): void {
  const { keys, delivered, cutOff } = storm;
  const repeated = [...counts].filter(([, count]) => count > 1).map(([work]) => keys.get(work) ?? '');
  report(storm, repeated.length);
  expect(delivered.filter((isDelivered) => !isDelivered)).toEqual([]);
  expect([...keys.keys()].filter((work) => !counts.has(work))).toEqual([]);
  expect(repeated.filter((key) => !cutOff.has(key))).toEqual([]);
}

function sendEvent(
  wix: WixEmulator,
  install: EmulatedInstall,
  { name, port }: ReceiverSetup,
  number: number,
): WebhookDelivery {
  const event = { fqdn: 'storm', slug: 'created', id: `event-${String(number)}`, entity: { number }, sequence: number };
  const chance = chanceOf(SEED, 'duplicates', name, number);
  // One event in ten is sent two to four times.
  const duplicates = chance < 0.1 ? 1 + Math.floor(30 * chance) : 0;
  return wix.send.domainEvent(install, `http://127.0.0.1:${port}/wix/webhooks`, event, { duplicates, speed: SPEED });
}

/** Sends every event in an order of chance, as fast as they are answered, and crashes a receiver in the middle. */
async function sendAll(
  events: number,
  send: (number: number) => readonly WebhookDelivery[],
  crash: () => Promise<ReadonlySet<string>>,
): Promise<Pick<Storm, 'deliveries' | 'cutOff'>> {
  const numbers = shuffled(events);
  const deliveries: WebhookDelivery[] = [];
  let cutOff: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
  const work = async (): Promise<void> => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      if (numbers.length === events / 2) cutOff = crash();
      const sent = send(number);
      deliveries.push(...sent);
      await Promise.all(sent.map(({ first }) => first));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { deliveries, cutOff: await cutOff };
}

/** The numbers below a limit, in an order of chance. */
function shuffled(limit: number): number[] {
  const places = Array.from({ length: limit }, (_, number) => ({ number, place: chanceOf(SEED, 'place', number) }));
  return places.sort((a, b) => a.place - b.place).map(({ number }) => number);
}

/** The keys of claims that are neither given back nor done. */
function workIn(ledgerPath: string): ReadonlySet<string> {
  const claimed = new Set<string>();
  for (const [what, key = ''] of linesIn(ledgerPath)) {
    if (what === 'claim') claimed.add(key);
    else claimed.delete(key);
  }
  return claimed;
}

/** Looks into the ledger in Redis, quickly: a process is stopped meanwhile. */
class LedgerView {
  readonly #client: RawRedisClient;
  readonly #open: Map<string, LedgerSlot>;

  constructor(client: RawRedisClient, keys: Iterable<string>) {
    this.#client = client;
    this.#open = new Map([...keys].map((key) => [key, slotOf(key)]));
  }

  /** The keys of the claims of a process. */
  async claimsOf(processName: string): Promise<ReadonlySet<string>> {
    const slots = [...this.#open];
    const entries = await this.#client.mGet(slots.map(([, { name }]) => `{${name}}`));
    const states = slots.map(([key, slot], index) => ({ key, state: slot.open(entries[index]) }));
    for (const { key } of states.filter(({ state }) => state === DONE)) this.#open.delete(key);
    return new Set(states.filter(({ state }) => state?.startsWith(claimedBy(processName))).map(({ key }) => key));
  }
}

function keysOf(install: EmulatedInstall, events: number): ReadonlyMap<string, string> {
  const instanceId = instanceIdFromWix(install.instanceId);
  const keyOf = (id: string, handler: string): string => {
    const event = { type: 'storm_created', instanceId, issuedAt: new Date(0), id };
    return workKey(eventKey(install.app.appId, event, {}), `StormHandlers.${handler}`);
  };
  return new Map(
    Array.from({ length: events }, (_, number) => `event-${String(number)}`).flatMap((id) =>
      HANDLERS.map((handler): [string, string] => [`${id} ${handler}`, keyOf(id, handler)]),
    ),
  );
}

function countsIn(successPath: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const words of linesIn(successPath)) {
    const work = words.join(' ');
    counts.set(work, (counts.get(work) ?? 0) + 1);
  }
  return counts;
}

function report({ keys, deliveries, sentMs, allMs, cutOff }: Storm, repeated: number): void {
  const answers = new Map<number, number>();
  for (const { status } of deliveries.flatMap(({ attempts }) => attempts)) {
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }
  const statuses = [...answers]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${String(status)}: ${String(count)}`);
  process.stdout.write(
    `storm: ${keys.size / HANDLERS.length} events sent in ${sentMs} ms, all delivered after ${allMs} ms; ` +
      `answers ${statuses.join(', ')}; in work at the kill ${cutOff.size}, of these run again after success ${repeated}\n`,
  );
}
