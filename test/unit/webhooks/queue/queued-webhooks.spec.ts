import { Injectable, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  EventLedger,
  EventQueue,
  OnWixEvent,
  WixClock,
  WixEventQueue,
  WixIdentityService,
  WixWebhookService,
  type QueueHandling,
  type QueueVerdict,
  type QueuedEvent,
  type QueueWork,
  type WixEvent,
  type WixWebhookQueueOptions,
} from 'nestjs-wix-auth';
import { eventQueueContract, InMemoryEventQueue } from 'nestjs-wix-auth/testing';

import { WixAuthModule } from '../../../../src/index.js';
import { InMemoryEventLedger } from '../../../../src/store/in-memory-event.ledger.js';
import { EventQueueWorker, type QueueWorkerParts } from '../../../../src/webhooks/queue/event-queue.worker.js';
import { SealedEvents } from '../../../../src/webhooks/queue/sealed-events.js';
import { webhookSettings } from '../../../../src/webhooks/webhook.options.js';
import {
  app as credentials,
  API_URL,
  APP_ID,
  APP_SECRET,
  INSTANCE,
  INSTANCE_TEXT,
  OTHER_INSTANCE,
  OLD_SECRET,
} from '../../../support/app.js';
import { CapturedLogs } from '../../../support/captured-logs.js';
import { errorOf } from '../../../support/code-of.js';
import { deferred, turns } from '../../../support/deferred.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { RecordedTraces } from '../../../support/recorded-traces.js';
import { untilTrue } from '../../../support/until-true.js';
import { keyPair, rs256 } from '../signing.js';

const { publicKey, privateKey } = keyPair();
const PUBLIC_PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const OTHER_INSTANCE_TEXT = 'bbbbbbbb-2222-4222-8222-222222222222';
const HOUR_MS = 3_600_000;

/** Deals with events as it is told, and notes what it did. */
@Injectable()
class Orders {
  readonly done: string[] = [];
  readonly begun: string[] = [];
  /** What it does about an event before it succeeds. */
  script: (id: string) => unknown = () => undefined;

  @OnWixEvent('order_created')
  async created({ id = '' }: WixEvent): Promise<void> {
    this.begun.push(id);
    await this.script(id);
    this.done.push(id);
  }
}

@Injectable()
class Everything {
  readonly seen: string[] = [];

  @OnWixEvent('*')
  see({ type, instanceId }: WixEvent): void {
    this.seen.push(`${type} ${instanceId}`);
  }
}

/** Hands out what a test says, and notes what becomes of it. */
class ScriptedQueue extends InMemoryEventQueue {
  handling: QueueHandling | undefined;

  override work(handling: QueueHandling): QueueWork {
    this.handling = handling;
    return super.work(handling);
  }

  handOut(event: QueuedEvent, attempt = 1): Promise<QueueVerdict> | undefined {
    return this.handling?.handle({ ...event, attempt });
  }
}

class BrokenQueue extends InMemoryEventQueue {
  isBroken = true;

  override add(event: QueuedEvent): Promise<void> {
    if (!this.isBroken) return super.add(event);
    return Promise.reject(Object.assign(new Error('connect ECONNREFUSED redis:secret@host'), { code: 'ECONNREFUSED' }));
  }
}

describe('InMemoryEventQueue', () => {
  for (const { title, run } of eventQueueContract(() => new InMemoryEventQueue())) it(title, run);
});

describe('SealedEvents', () => {
  const sealedBy = (...secrets: [string, ...string[]]): SealedEvents =>
    new SealedEvents(credentials(...secrets), API_URL);

  it('shows neither the event nor the installation', () => {
    const { id, group, sealed } = sealedBy(APP_SECRET).seal('eyJ.signed.text', 'event-1', INSTANCE);
    for (const name of [id, group]) expect(name).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('signed');
    expect(JSON.stringify([id, group, sealed])).not.toContain(INSTANCE_TEXT);
  });

  it('gives an event one name during a rotation of the secret', () => {
    const [before, during] = [sealedBy(OLD_SECRET), sealedBy(APP_SECRET, OLD_SECRET)];
    const { sealed, ...names } = during.seal('text', 'event-1', INSTANCE);
    expect(before.seal('text', 'event-1', INSTANCE)).toMatchObject(names);
    expect(before.open({ ...names, sealed })).toBeUndefined();
    expect(sealedBy(APP_SECRET).open({ ...names, sealed })).toBe('text');
  });

  it('opens what was sealed before the secret was rotated, under its own name only', () => {
    const event = sealedBy(OLD_SECRET).seal('text', 'event-1', INSTANCE);
    expect(sealedBy(APP_SECRET, OLD_SECRET).open(event)).toBe('text');
    expect(sealedBy(APP_SECRET, OLD_SECRET).open({ ...event, id: 'another' })).toBeUndefined();
  });
});

describe('webhooks with a queue', () => {
  const clock = new FakeClock();
  const contexts: INestApplicationContext[] = [];
  let logs: CapturedLogs;
  let orders: Orders;
  let everything: Everything;
  let events = 0;

  const start = async (
    eventQueue: EventQueue | undefined,
    queue: WixWebhookQueueOptions = {},
    ledger: EventLedger = new InMemoryEventLedger(clock),
  ): Promise<INestApplicationContext> => {
    const module = Test.createTestingModule({
      imports: [
        WixAuthModule.forRoot({
          appId: APP_ID,
          appSecret: APP_SECRET,
          publicKey: PUBLIC_PEM,
          apiUrl: API_URL,
          webhooks: { mode: 'queue', queue: { firstRetryMs: 1, attempts: 3, ...queue } },
          providers: [
            { provide: WixClock, useValue: clock },
            { provide: EventLedger, useValue: ledger },
            ...(eventQueue === undefined ? [] : [{ provide: EventQueue, useValue: eventQueue }]),
          ],
        }),
      ],
      providers: [Orders, Everything],
    }).setLogger(logs);
    const context = await (await module.compile()).init();
    contexts.push(context);
    [orders, everything] = [context.get(Orders), context.get(Everything)];
    return context;
  };
  const webhook = (id: string, instanceId = INSTANCE_TEXT, type = 'order_created'): string => {
    const data = { id, entityFqdn: 'order', slug: 'created', createdEvent: { entity: { secretNote: 'tulips' } } };
    const claims = { data: { eventType: type, instanceId, data }, iat: clock.nowS(), exp: clock.nowS() + 600 };
    return rs256(claims, privateKey);
  };
  const receive = async (context: INestApplicationContext, body: string): Promise<unknown> => {
    const error = await errorOf(() => context.get(WixWebhookService).receive(body));
    return error === undefined ? 200 : Reflect.get(error, 'status');
  };
  const newId = (): string => `event-${String((events += 1))}`;

  beforeEach(() => {
    logs = new CapturedLogs();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });

  it('do not start without one, and say what to provide', async () => {
    const error = await errorOf(() => start(undefined));
    expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED' });
    expect(error?.message).toContain('bullMqEventQueue');
  });

  it('are answered 200 when the event is stored, before any handler has run', async () => {
    const queue = new InMemoryEventQueue();
    const receiver = await start(queue, { work: false });
    const id = newId();
    expect(await receive(receiver, webhook(id))).toBe(200);
    expect(orders.begun).toEqual([]);

    await start(queue);
    await untilTrue(() => everything.seen.length === 1);
    expect(orders.done).toEqual([id]);
    expect(everything.seen).toEqual([`order_created ${INSTANCE_TEXT}`]);
  });

  it('are answered 503 when it cannot be stored, and 200 again afterwards', async () => {
    const queue = new BrokenQueue();
    const receiver = await start(queue, { work: false });
    expect(await receive(receiver, webhook(newId()))).toBe(503);
    queue.isBroken = false;
    expect(await receive(receiver, webhook(newId()))).toBe(200);
    expect(logs.of('error', 'WixAuthModule')).toEqual([
      expect.stringContaining('The event queue failed (ECONNREFUSED)'),
    ]);
    expect(logs.of('log', 'WixAuthModule')).toContainEqual(expect.stringContaining('The event queue works again; 1 '));
    expect(logs.dump).not.toContain('secret@');
  });

  it('are answered 401 before anything is stored', async () => {
    const queue = new InMemoryEventQueue();
    const receiver = await start(queue);
    expect(await receive(receiver, webhook(newId()).slice(0, -8))).toBe(401);
    expect(orders.begun).toEqual([]);
  });

  it('drop caches at receipt, and not again when handlers run', async () => {
    const queue = new InMemoryEventQueue();
    const receiver = await start(queue, { work: false });
    const forgotten: unknown[] = [];
    const identities = receiver.get(WixIdentityService);
    const forget = identities.forget.bind(identities);
    identities.forget = async (instanceId) => {
      forgotten.push(instanceId);
      await forget(instanceId);
    };
    expect(await receive(receiver, webhook(newId(), INSTANCE_TEXT, 'AppRemoved'))).toBe(200);
    expect(forgotten).toEqual([INSTANCE_TEXT]);
  });

  it('are verified again by the process that runs handlers, however old they are by then', async () => {
    const queue = new InMemoryEventQueue();
    const id = newId();
    await receive(await start(queue, { work: false }), webhook(id));
    clock.advance(200 * HOUR_MS);
    await start(queue);
    await untilTrue(() => orders.done.length === 1);
    expect(orders.done).toEqual([id]);
  });

  it('are given up when Wix did not sign what is stored, or no secret opens it', async () => {
    const queue = new InMemoryEventQueue();
    const context = await start(queue, { attempts: 1 });
    const sealed = new SealedEvents(credentials(APP_SECRET), API_URL);
    await queue.add(sealed.seal(rs256({ data: {}, iat: clock.nowS() }, keyPair().privateKey), 'forged', INSTANCE));
    await queue.add({ id: 'altered', group: 'g', sealed: 'nonsense' });
    const letters = await untilDead(context, 2);
    expect(letters.map(({ reason }) => reason).sort()).toEqual(['UNREADABLE', 'WIX_CREDENTIALS_REJECTED']);
    expect(orders.begun).toEqual([]);
  });

  it('are not delivered before the handlers are known', async () => {
    const queue = new ScriptedQueue();
    const found = deferred<undefined>();
    const handlers = { found: found.promise, list: [] };
    const parts = { queue, handlers, shutdown: { add: () => undefined } } as unknown as QueueWorkerParts;
    const started = new EventQueueWorker(parts, webhookSettings().queue).onApplicationBootstrap();
    await turns();
    expect(queue.handling).toBeUndefined();
    found.resolve(undefined);
    await started;
    expect(queue.handling).toBeDefined();
  });

  it('run only the handlers that failed again, until they succeed', async () => {
    const context = await start(new InMemoryEventQueue());
    let failures = 2;
    orders.script = () => {
      if ((failures -= 1) >= 0) throw new TypeError('secret-in-message');
    };
    const id = newId();
    await receive(context, webhook(id));
    await untilTrue(() => orders.done.length === 1);
    expect(orders.begun).toEqual([id, id, id]);
    expect(everything.seen).toHaveLength(1);
    expect(logs.of('error', 'WixAuthModule')).toContainEqual(
      `Orders.created failed on order_created ${id}; the queue hands it out again.`,
    );
  });

  it('preserve the order of an installation, even behind an event that fails, and delay no other', async () => {
    const context = await start(new InMemoryEventQueue(), { firstRetryMs: 20 });
    const ids = Array.from({ length: 5 }, newId);
    const other = newId();
    const failing = new Set(ids);
    orders.script = (id) => {
      if (failing.delete(id)) throw new Error('Not yet.');
    };
    for (const id of ids) await receive(context, webhook(id));
    await receive(context, webhook(other, OTHER_INSTANCE_TEXT));
    await untilTrue(() => orders.done.length === 6);
    expect(orders.done[0]).toBe(other);
    expect(orders.done.slice(1)).toEqual(ids);
  });

  it('name the dead letter in the log and in its list, unblock the next one, and replay it manually', async () => {
    const traces = new RecordedTraces();
    const context = await start(new InMemoryEventQueue());
    const [bad, next] = [newId(), newId()];
    orders.script = (id) => {
      if (id === bad) throw Object.assign(new Error('password=hunter2'), { code: 'DB_DOWN' });
    };
    await receive(context, webhook(bad));
    await receive(context, webhook(next));
    const [letter] = await untilDead(context, 1);
    await untilTrue(() => orders.done.includes(next));
    expect(letter).toMatchObject({
      type: 'order_created',
      eventId: bad,
      instanceId: INSTANCE_TEXT,
      reason: 'Orders.created: DB_DOWN',
      attempts: 3,
    });
    expect(logs.of('error', 'WixAuthModule')).toContainEqual(
      `order_created ${bad} of ${INSTANCE_TEXT} was given up after 3 attempts (Orders.created: DB_DOWN). Replay it as ` +
        `${String(letter?.id)}.`,
    );
    const outcomes = traces.over('webhook').map(({ outcome, eventId }) => [outcome, eventId]);
    expect(outcomes).toContainEqual(['queued', bad]);
    expect(outcomes).toContainEqual(['dead-letter', bad]);
    expect(JSON.stringify(traces.all)).not.toContain('hunter2');
    traces.stop();

    orders.script = () => undefined;
    expect(await context.get(WixEventQueue).replay(String(letter?.id))).toBe(true);
    await untilTrue(() => orders.done.includes(bad));
    expect(await context.get(WixEventQueue).deadLetters()).toEqual([]);
    expect(everything.seen).toHaveLength(2);
  });

  it('are given up when every process that handled them died', async () => {
    const queue = new ScriptedQueue();
    await start(queue);
    const sealed = new SealedEvents(credentials(APP_SECRET), API_URL);
    const event = sealed.seal(webhook(newId()), 'key', INSTANCE);
    expect(await queue.handOut(event, 4)).toEqual({ outcome: 'dead', reason: 'WORKER_LOST' });
    expect(orders.begun).toEqual([]);
  });

  it('wait for the lease of their installation, whatever the queue delivers', async () => {
    const queue = new ScriptedQueue();
    await start(queue);
    const gate = deferred<undefined>();
    orders.script = () => gate.promise;
    const sealed = new SealedEvents(credentials(APP_SECRET), API_URL);
    const [one, other] = [webhook(newId()), webhook(newId())];
    const first = queue.handOut(sealed.seal(one, 'one', INSTANCE));
    await untilTrue(() => orders.begun.length === 1);
    expect(await queue.handOut(sealed.seal(other, 'other', INSTANCE))).toMatchObject({ outcome: 'later' });
    gate.resolve(undefined);
    expect(await first).toEqual({ outcome: 'done' });
    expect(await queue.handOut(sealed.seal(other, 'other', INSTANCE))).toEqual({ outcome: 'done' });
  });

  it('are returned to the queue, uncounted, when the ledger fails', async () => {
    const queue = new ScriptedQueue();
    const ledger = new InMemoryEventLedger(clock);
    await start(queue, {}, ledger);
    ledger.claim = () => Promise.reject(new Error('Away.'));
    const sealed = new SealedEvents(credentials(APP_SECRET), API_URL);
    expect(await queue.handOut(sealed.seal(webhook(newId()), 'key', INSTANCE), 3)).toMatchObject({ outcome: 'later' });
  });

  it('are drained when the application stops: work in progress finishes, and no more begins', async () => {
    const queue = new ScriptedQueue();
    const context = await start(queue, { concurrency: 1 });
    const gate = deferred<undefined>();
    orders.script = () => gate.promise;
    const [one, other] = [newId(), newId()];
    await receive(context, webhook(one));
    await receive(context, webhook(other, OTHER_INSTANCE_TEXT));
    await untilTrue(() => orders.begun.length === 1);
    const old = orders;
    const closed = contexts.splice(0)[0]?.close();
    await untilTrue(async () => (await receive(context, 'not signed')) === 503);
    const sealed = new SealedEvents(credentials(APP_SECRET), API_URL);
    expect(
      await queue.handOut(sealed.seal(webhook(newId(), OTHER_INSTANCE_TEXT), 'late', OTHER_INSTANCE)),
    ).toMatchObject({ outcome: 'later' });
    gate.resolve(undefined);
    await closed;
    expect(old.done).toEqual([one]);

    await start(queue);
    await untilTrue(() => orders.done.length === 1);
    expect(orders.done).toEqual([other]);
  });

  const untilDead = async (context: INestApplicationContext, count: number) => {
    const dead = context.get(WixEventQueue);
    await untilTrue(async () => (await dead.deadLetters()).length === count);
    return dead.deadLetters();
  };
});
