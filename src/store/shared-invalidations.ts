import { randomUUID, type KeyObject } from 'node:crypto';

import type { OnModuleInit } from '@nestjs/common';
import { BoundedCache } from '../core/bounded-cache.js';
import type { AppCredentials } from '../core/app-credentials.js';
import { isJsonObject, parseJson, type JsonObject } from '../core/values/json.js';
import type { InvalidationBus, PublishedWhen } from './invalidation-bus.js';
import { entryKey, seal, unseal } from './sealer.js';
import { StoreCircuit } from './store-circuit.js';

type InvalidationListener = (body: JsonObject, when: PublishedWhen) => void;

// As long and as many as the bus in Redis keeps, plus an hour for clock differences.
const MAX_AGE_MS = 25 * 3_600_000;
const MAX_REMEMBERED = 20_000;

/** Messages between the processes of an app: by topic, encrypted, and not received by the sender. */
export class SharedInvalidations implements OnModuleInit {
  readonly #bus: InvalidationBus;
  readonly #channels: readonly Channel[];
  readonly #circuit: StoreCircuit;
  readonly #process = randomUUID();
  readonly #listeners = new Map<string, InvalidationListener>();
  readonly #received = new BoundedCache<string, true>({ max: MAX_REMEMBERED });

  constructor(invalidationBus: InvalidationBus, app: AppCredentials, apiUrl: string, circuit = new StoreCircuit()) {
    this.#bus = invalidationBus;
    // One per secret: while a secret is being rotated, not every process knows the newest.
    this.#channels = app.secretKeys.map((secret) =>
      channelOf(secret, JSON.stringify([apiUrl, app.appId, 'invalidations'])),
    );
    this.#circuit = circuit;
  }

  onModuleInit(): void {
    for (const channel of this.#channels) {
      this.#bus.subscribe(channel.name, (message, when) => this.#receive(unsealed(channel, message), when));
    }
  }

  /** Receives the messages of other processes about a topic. The same message may come twice. */
  on(topic: string, listener: InvalidationListener): void {
    this.#listeners.set(topic, listener);
  }

  /** Sends to all other processes. Never fails: a process that cannot be reached drops its entries when they expire. */
  async publish(topic: string, body: JsonObject): Promise<void> {
    const text = JSON.stringify({ topic, body, from: this.#process, id: randomUUID(), atMs: Date.now() });
    await Promise.all(
      this.#channels.map(({ name, secret }) =>
        this.#circuit.insist(() => this.#bus.publish(name, seal(secret, name, text))),
      ),
    );
  }

  #receive(invalidations: unknown, when: PublishedWhen): void {
    if (!isJsonObject(invalidations) || invalidations['from'] === this.#process) return;
    if (this.#isReplayed(invalidations)) return;
    const { topic, body } = invalidations;
    if (typeof topic === 'string' && isJsonObject(body)) this.#listeners.get(topic)?.(body, when);
  }

  // Anyone who can write to the bus can replay a message, so each takes effect once.
  #isReplayed({ id, atMs }: JsonObject): boolean {
    if (typeof id !== 'string' || typeof atMs !== 'number' || atMs < Date.now() - MAX_AGE_MS) return true;
    const isKnown = this.#received.has(id);
    this.#received.set(id, true);
    return isKnown;
  }
}

interface Channel {
  readonly name: string;
  readonly secret: KeyObject;
}

const channelOf = (secret: KeyObject, name: string): Channel => ({
  secret,
  name: `wix-auth:${entryKey(secret, name)}`,
});

const unsealed = ({ name, secret }: Channel, message: string): unknown =>
  parseJson(unseal(secret, name, message) ?? '');
