import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { compileInto } from '../../support/compiled.js';
import { RedisServer } from '../../support/redis-server.js';
import type { WorkerSetup } from './orders.js';
import { WorkerProcess } from './worker-process.js';

const SOURCES = [
  'test/e2e/webhook-queue',
  'test/e2e/webhook-storm/hasty-event-ledger.ts',
  'test/support/deferred.ts',
  'test/support/redis-connections.ts',
];

/** An event, signed. */
export interface SignedEvent {
  readonly id: string;
  readonly body: string;
}

/** An app on sites, a Redis, and processes that receive webhooks and deal with them. */
export class QueueStory {
  readonly redis: RedisServer;
  readonly installs: readonly EmulatedInstall[];
  readonly #home = mkdtempSync(join(tmpdir(), 'webhook-queue-'));
  readonly #wix: WixEmulator;
  readonly #app: EmulatedApp;
  readonly #workers: WorkerProcess[] = [];
  #files = 0;
  #events = 0;

  private constructor(wix: WixEmulator, redis: RedisServer, sites: number) {
    this.#wix = wix;
    this.redis = redis;
    const app = wix.addApp();
    this.#app = app;
    this.installs = Array.from({ length: sites }, () => wix.install(app, wix.addSite()));
    compileInto(this.#home, SOURCES);
  }

  /** @param redisArgs more arguments of the server, which keeps nothing by default. */
  static async begin(sites = 2, redisArgs: readonly string[] = []): Promise<QueueStory> {
    const [wix, redis] = await Promise.all([WixEmulator.start(), RedisServer.start(redisArgs)]);
    return new QueueStory(wix, redis, sites);
  }

  /** Starts a process of the app. */
  async start(changes: Partial<WorkerSetup> = {}): Promise<WorkerProcess> {
    const { appId, appSecret, publicKey } = this.#app;
    const setup = { apiUrl: this.#wix.url, appId, appSecret, publicKey, redis: this.redis.url, work: true };
    const main = join(this.#home, 'test/e2e/webhook-queue/worker.js');
    const worker = await WorkerProcess.start(main, { ...setup, finishedPath: this.#finishedPath, ...changes });
    this.#workers.push(worker);
    return worker;
  }

  /** What handlers have finished: the installation and the id of the event. */
  get finished(): readonly string[] {
    const path = this.#finishedPath;
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  }

  newEvent(site = 0): SignedEvent {
    const id = `event-${String((this.#events += 1))}`;
    const data = { id, entityFqdn: 'thing', slug: 'created', createdEvent: { entity: { secretNote: 'tulips' } } };
    return { id, body: this.#wix.send.webhookBody(this.#install(site), { type: 'thing_created', data }) };
  }

  /** What handlers write when they have finished an event. */
  lineOf({ id }: SignedEvent, site = 0): string {
    return `${this.#install(site).instanceId} ${id}`;
  }

  /** Ends the processes, and begins with an empty Redis. */
  async clear(): Promise<void> {
    this.redis.thaw();
    await Promise.all(this.#workers.splice(0).map((worker) => worker.kill()));
    await this.redis.run('FLUSHALL');
    this.#files += 1;
  }

  async end(): Promise<void> {
    await Promise.all([this.#wix.stop(), this.redis.stop()]);
    rmSync(this.#home, { recursive: true, force: true });
  }

  get #finishedPath(): string {
    return join(this.#home, `finished-${String(this.#files)}.txt`);
  }

  #install(site: number): EmulatedInstall {
    const install = this.installs[site];
    if (install === undefined) throw new Error(`There is no site ${String(site)}.`);
    return install;
  }
}
