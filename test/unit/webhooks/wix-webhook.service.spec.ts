import type { KeyObject } from 'node:crypto';

import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { AuthEvents } from '../../../src/core/auth-events.js';
import { GracefulShutdown } from '../../../src/core/concurrency/graceful-shutdown.js';
import { KnownInstances } from '../../../src/core/identities/known-instances.js';
import type { EventCacheInvalidator } from '../../../src/webhooks/event-cache-invalidator.js';
import type { EventHandler } from '../../../src/webhooks/events/event-handler.js';
import type { EventHandlers } from '../../../src/webhooks/events/event-handlers.js';
import { VerifiedEvents } from '../../../src/webhooks/events/verified-events.js';
import { InMemoryEventLedger } from '../../../src/store/in-memory-event.ledger.js';
import { SignedTokenVerifier } from '../../../src/signed-requests/signed-token.verifier.js';
import type { WebhookSettings } from '../../../src/webhooks/webhook.options.js';
import { WixWebhookService } from '../../../src/webhooks/wix-webhook.service.js';
import { APP_ID, INSTANCE_TEXT } from '../../support/app.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { deferred } from '../../support/deferred.js';
import { loggedEvents } from '../../support/logged-events.js';
import { FakeClock } from '../../support/fake-clock.js';
import { SdkEnvelopes } from '../../../src/webhooks/envelopes/sdk-envelopes.js';
import { dispatcherOn } from './dispatchers.js';
import { keyPair, rs256 } from './signing.js';

const { publicKey, privateKey } = keyPair();
const clock = new FakeClock();
const body = (more: object = {}): string =>
  rs256({ data: { eventType: 'x', instanceId: INSTANCE_TEXT, data: {} }, iat: clock.nowS(), ...more }, privateKey);

class UnreachableLedger extends InMemoryEventLedger {
  override claim(): Promise<never> {
    return Promise.reject(new Error('Cannot reach it.'));
  }
}

interface ServiceSetup {
  readonly keys?: readonly KeyObject[];
  readonly ledger?: InMemoryEventLedger;
  readonly events?: AuthEvents;
  readonly mode?: WebhookSettings['mode'];
}

describe('WixWebhookService', () => {
  let run: EventHandler['run'];
  let order: string[];
  let shutdown: GracefulShutdown;
  const service = ({
    keys = [publicKey],
    ledger = new InMemoryEventLedger(clock),
    mode = 'certain',
    events = new AuthEvents(),
  }: ServiceSetup = {}) => {
    const invalidator: Pick<EventCacheInvalidator, 'handlerOf' | 'isRemoval'> = {
      isRemoval: () => false,
      handlerOf: () => ({ name: 'caches', types: ['*'], run: () => Promise.resolve(void order.push('caches')) }),
    };
    const handlers: Pick<EventHandlers, 'list'> = {
      list: [{ name: 'A.b', types: ['*'], run: (...args) => run(...args) }],
    };
    const known = new KnownInstances(clock);
    return new WixWebhookService(
      {
        verified: new VerifiedEvents(new SignedTokenVerifier(keys, APP_ID, clock), known, new SdkEnvelopes(known), 100),
        invalidator: invalidator as EventCacheInvalidator,
        handlers: handlers as EventHandlers,
        dispatcher: dispatcherOn(ledger),
        events,
        recent: { note: () => undefined },
        shutdown,
      },
      { mode, maxBodyBytes: 1_000 },
    );
  };
  const statusOf = async (work: () => Promise<void>): Promise<unknown> => {
    const error = await errorOf(work);
    return error === undefined ? 200 : Reflect.get(error, 'status');
  };

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(() => {
    order = [];
    shutdown = new GracefulShutdown(10_000, new AuthEvents());
    run = () => Promise.resolve(void order.push('handler'));
  });
  afterEach(() => void jest.useRealTimers());

  it('invalidates caches before handlers run', async () => {
    await service().receive(Buffer.from(` ${body()}\n`));
    expect(order).toEqual(['caches', 'handler']);
  });

  it('cannot start without a public key', async () => {
    expect(await codeOf(() => service({ keys: [] }))).toBe('WIX_MISCONFIGURED');
  });

  it('answers 401 with the reason, 413, 500 and 503', async () => {
    const refused = await errorOf(() => service().receive(body({ iat: 0 })));
    expect(refused).toMatchObject({ status: 401, response: { code: 'WIX_CREDENTIALS_EXPIRED' } });
    expect(await statusOf(() => service().receive('x'.repeat(1_001)))).toBe(413);
    expect(await statusOf(() => service({ ledger: new UnreachableLedger(clock) }).receive(body()))).toBe(503);
    run = () => Promise.reject(new Error('No.'));
    expect(await statusOf(() => service().receive(body()))).toBe(500);
  });

  it('reports the size of a body that it refused as too large', async () => {
    const sizes: unknown[] = [];
    const events = new AuthEvents();
    events.on('bodyTooLarge', (event) => sizes.push(event));
    await errorOf(() => service({ events }).receive('x'.repeat(1_234)));
    expect(sizes).toEqual([{ bytes: 1_234, maxBytes: 1_000 }]);
  });

  it('answers 503 after a second, no sooner, and lets the handler continue', async () => {
    jest.useFakeTimers();
    const gate = deferred<undefined>();
    run = () => gate.promise;
    const webhooks = service();
    const status = jest.fn();
    void statusOf(() => webhooks.receive(body())).then(status);
    await jest.advanceTimersByTimeAsync(999);
    expect(status).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(status).toHaveBeenCalledWith(503);
    gate.resolve(undefined);
    await expect(webhooks.receive(body())).resolves.toBeUndefined();
  });

  it('waits for handlers when the application stops, at most ten seconds', async () => {
    jest.useFakeTimers();
    run = () => new Promise(() => undefined);
    const webhooks = service();
    void webhooks.receive(body()).catch(() => undefined);
    shutdown.onModuleDestroy();
    const stopped = jest.fn();
    void shutdown.beforeApplicationShutdown().then(stopped);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(stopped).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(600);
    expect(stopped).toHaveBeenCalled();
    const ended = shutdown.onApplicationShutdown();
    await jest.advanceTimersByTimeAsync(2_000);
    await ended;
  });

  it('accepts nothing more when the application stops', async () => {
    const webhooks = service();
    shutdown.onModuleDestroy();
    expect(await statusOf(() => webhooks.receive(body()))).toBe(503);
    expect(order).toEqual([]);
    await shutdown.onApplicationShutdown();
  });

  it('answers 503 in the background mode too when the ledger fails, and runs nothing then', async () => {
    const webhooks = service({ mode: 'background', ledger: new UnreachableLedger(clock) });
    expect(await statusOf(() => webhooks.receive(body()))).toBe(503);
    // What drops caches may run any number of times, and must not be skipped.
    expect(order).toEqual(['caches']);
  });

  it('answers 200 in the background mode when this process runs the handlers', async () => {
    const gate = deferred<undefined>();
    run = () => gate.promise;
    const webhooks = service({ mode: 'background' });
    expect(await statusOf(() => webhooks.receive(body()))).toBe(200);
    gate.reject(new Error('No.'));
  });

  it('warns about refused webhooks once a minute, without showing them', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const webhooks = service({ events: loggedEvents() });
    for (let count = 0; count < 3; count += 1) await errorOf(() => webhooks.receive('eyJ.secret.stuff'));
    expect(warn.mock.calls).toEqual([[expect.stringContaining('WIX_CREDENTIALS_REJECTED')]]);
    expect(String(warn.mock.calls)).not.toContain('secret');
    warn.mockRestore();
  });
});
