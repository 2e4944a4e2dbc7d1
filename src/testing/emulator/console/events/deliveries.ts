import type { EmulatedEvent, EmulatedEventIdentity } from '../../webhooks/event.js';
import { Postman } from '../../webhooks/post.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import type { DeliveryView, EventForgery } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { appOf } from '../people/lookups.js';
import { Delivery, WEBHOOK_TIMEOUT_MS } from './delivery.js';

const MAX_DELIVERIES = 500;

/** An event to send. */
export interface OutgoingEvent {
  readonly type: string;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly identity?: EmulatedEventIdentity | undefined;
  readonly forgery?: EventForgery | null | undefined;
  /** How many more times it is sent at once. @default 0 */
  readonly duplicates?: number | undefined;
}

/** The webhooks sent in this run. */
export class Deliveries {
  readonly #context: ConsoleContext;
  readonly #postman = new Postman();
  #all: Delivery[] = [];
  readonly #ids = new Map<Delivery, number>();
  #lastId = 0;

  constructor(context: ConsoleContext) {
    this.#context = context;
  }

  /** Newest first. */
  get all(): readonly Delivery[] {
    return this.#all.toReversed();
  }

  find(id: number): Delivery | undefined {
    return this.#all.find((delivery) => this.#ids.get(delivery) === id);
  }

  /** Sends an event to the app. Settles when the first attempt, and those of duplicates, are answered. */
  async send(install: EmulatedInstall, event: OutgoingEvent): Promise<DeliveryView> {
    const delivery = this.#add(install, event);
    const { duplicates = 0 } = event;
    const more = Array.from({ length: duplicates }, () => delivery.attempt('duplicate'));
    await Promise.all([delivery.attempt('first'), ...more]);
    return delivery.view;
  }

  /** Discards all, and sends none of them again. */
  clear(): void {
    for (const delivery of this.#all) delivery.cancel();
    this.#all = [];
    this.#ids.clear();
    this.#context.stream.send('deliveriesCleared', {});
  }

  close(): void {
    this.clear();
    this.#postman.close();
  }

  #add(install: EmulatedInstall, event: OutgoingEvent): Delivery {
    const { url, paths } = appOf(this.#context, install);
    const address = `${url}${paths.webhooks}`;
    const { type, data, identity, forgery = null } = event;
    const sent: EmulatedEvent = { type, data, identity };
    const body = this.#context.sender.webhookBody(install, sent, { forgery: forgery ?? undefined });
    const headers = { 'content-type': 'text/plain' };
    const id = (this.#lastId += 1);
    const delivery = new Delivery({
      ...{ id, install, type, data: data ?? null, url: address, forgery },
      post: () => this.#postman.send({ url: address, body, headers, timeoutMs: WEBHOOK_TIMEOUT_MS }),
      speed: this.#context.run.resendSpeed,
      now: this.#context.parts.platform.now,
      changed: ({ view }) => this.#context.stream.send('delivery', view),
    });
    this.#remember(id, delivery);
    return delivery;
  }

  #remember(id: number, delivery: Delivery): void {
    this.#all.push(delivery);
    this.#ids.set(delivery, id);
    if (this.#all.length <= MAX_DELIVERIES) return;
    const oldest = this.#all.shift();
    oldest?.cancel();
    if (oldest) this.#ids.delete(oldest);
  }
}
