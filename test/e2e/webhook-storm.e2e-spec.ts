import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

import { WixEmulator, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import type { WebhookDelivery } from '../../src/testing/emulator/webhooks/delivery.js';
import { eventKey, workKey } from '../../src/webhooks/event-key.js';
import { trustedInstanceId } from '../../src/core/wix-instance-id.js';
import { linesIn } from './webhook-storm/file-event-ledger.js';
import { compileReceiver, kill, startReceiver } from './webhook-storm/receiver-process.js';

const EVENTS = 10_000;
const HANDLERS = ['first', 'second'];
const AT_ONCE = 100;
// Wix's pauses of a minute, ten minutes, an hour and two become 0.1, 1, 6 and 12 seconds.
const SPEED = 600;

describe('a storm of webhooks on a process that is killed in the middle', () => {
  const directory = mkdtempSync(join(tmpdir(), 'webhook-storm-'));
  const ledgerPath = join(directory, 'ledger.txt');
  const successPath = join(directory, 'successes.txt');
  let wix: WixEmulator;
  let receiver: ChildProcess;

  beforeAll(async () => {
    wix = await WixEmulator.start();
  });
  afterAll(async () => {
    receiver.kill('SIGKILL');
    await wix.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('loses nothing, and repeats only what was in work when it died', async () => {
    const app = wix.addApp();
    const install = wix.install(app, wix.addSite());
    const main = compileReceiver(directory);
    const port = await freePort();
    const args = [app.appId, app.publicKey, String(port), ledgerPath, successPath];
    receiver = await startReceiver(main, args);
    let cutOff: ReadonlySet<string> = new Set();
    const crash = async (): Promise<void> => {
      await kill(receiver);
      cutOff = workIn(ledgerPath);
      receiver = await startReceiver(main, args);
    };

    const startedMs = Date.now();
    const url = `http://127.0.0.1:${String(port)}/wix/webhooks`;
    const deliveries = await sendAll((number) => sendEvent(wix, install, url, number), crash);
    const sentMs = Date.now() - startedMs;
    const delivered = await Promise.all(deliveries.map((delivery) => delivery.delivered));

    const keys = keysOf(install);
    const counts = countsIn(successPath);
    const repeated = [...counts].filter(([, count]) => count > 1).map(([work]) => keys.get(work) ?? '');
    report({ deliveries, sentMs, allMs: Date.now() - startedMs, cutOff: cutOff.size, repeated: repeated.length });
    expect(delivered.filter(Boolean)).toHaveLength(EVENTS);
    expect([...keys.keys()].filter((work) => !counts.has(work))).toEqual([]);
    expect(cutOff.size).toBeGreaterThan(0);
    expect(repeated.filter((key) => !cutOff.has(key))).toEqual([]);
    expect(workIn(ledgerPath).size).toBe(0);
  }, 120_000);
});

function sendEvent(wix: WixEmulator, install: EmulatedInstall, url: string, number: number): WebhookDelivery {
  const event = { fqdn: 'storm', slug: 'created', id: `event-${String(number)}`, entity: { number }, sequence: number };
  const duplicates = Math.random() < 0.1 ? 1 + Math.floor(3 * Math.random()) : 0;
  return wix.send.domainEvent(install, url, event, { duplicates, speed: SPEED });
}

/** Sends every event in an order of chance, as fast as they are answered, and crashes the receiver in the middle. */
async function sendAll(
  send: (number: number) => WebhookDelivery,
  crash: () => Promise<void>,
): Promise<readonly WebhookDelivery[]> {
  const numbers = Array.from({ length: EVENTS }, (_, index) => index).sort(() => Math.random() - 0.5);
  const deliveries: WebhookDelivery[] = [];
  let crashed = Promise.resolve();
  const work = async (): Promise<void> => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      if (numbers.length === EVENTS / 2) crashed = crash();
      const delivery = send(number);
      deliveries.push(delivery);
      await delivery.first;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await crashed;
  return deliveries;
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

/** The ledger's key of each piece of work, by the words the handlers write. */
function keysOf(install: EmulatedInstall): ReadonlyMap<string, string> {
  const instanceId = trustedInstanceId(install.instanceId);
  const keyOf = (id: string, handler: string): string => {
    const event = { type: 'storm_created', instanceId, issuedAt: new Date(0), id };
    return workKey(eventKey(install.app.appId, event, {}), `StormHandlers.${handler}`);
  };
  return new Map(
    Array.from({ length: EVENTS }, (_, number) => `event-${String(number)}`).flatMap((id) =>
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

interface StormFacts {
  readonly deliveries: readonly WebhookDelivery[];
  readonly sentMs: number;
  readonly allMs: number;
  readonly cutOff: number;
  readonly repeated: number;
}

function report({ deliveries, sentMs, allMs, cutOff, repeated }: StormFacts): void {
  const answers = new Map<number, number>();
  for (const { status } of deliveries.flatMap(({ attempts }) => attempts)) {
    answers.set(status, (answers.get(status) ?? 0) + 1);
  }
  const statuses = [...answers]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${String(status)}: ${String(count)}`);
  process.stdout.write(
    `storm: ${String(EVENTS)} events sent in ${String(sentMs)} ms, all delivered after ${String(allMs)} ms; ` +
      `answers ${statuses.join(', ')}; in work at the kill ${String(cutOff)}, of these run again after success ${String(repeated)}\n`,
  );
}
