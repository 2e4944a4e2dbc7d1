import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { KnownInstances } from '../../../src/core/known-instances.js';
import type { EventCacheInvalidator } from '../../../src/webhooks/event-cache-invalidator.js';
import { EventDispatcher } from '../../../src/webhooks/events/event-dispatcher.js';
import type { EventHandler } from '../../../src/webhooks/events/event-handler.js';
import type { EventHandlers } from '../../../src/webhooks/events/event-handlers.js';
import { InMemoryEventLedger } from '../../../src/webhooks/ledger/in-memory-event-ledger.js';
import { SignedTokenVerifier } from '../../../src/signed-requests/signed-token.verifier.js';
import { WixWebhookService } from '../../../src/webhooks/wix-webhook.service.js';
import { APP_ID, INSTANCE_TEXT } from '../../support/app.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { deferred } from '../../support/deferred.js';
import { FakeClock } from '../../support/fake-clock.js';
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

describe('WixWebhookService', () => {
  let run: EventHandler['run'];
  let order: string[];

  const service = ({ keys = [publicKey], ledger = new InMemoryEventLedger(clock), mode = 'certain' as const } = {}) => {
    const invalidator: Pick<EventCacheInvalidator, 'notice'> = {
      notice: () => Promise.resolve(void order.push('hygiene')),
    };
    const handlers: Pick<EventHandlers, 'list'> = { list: [{ name: 'A.b', types: ['*'], run: (event) => run(event) }] };
    return new WixWebhookService(
      {
        verifier: new SignedTokenVerifier(keys, APP_ID, clock),
        invalidator: invalidator as EventCacheInvalidator,
        handlers: handlers as EventHandlers,
        dispatcher: new EventDispatcher(ledger, { keepDoneMs: 1_000 }),
        known: new KnownInstances(clock),
      },
      { mode, maxBodyBytes: 1_000, maxDepth: 100 },
    );
  };
  const statusOf = async (work: () => Promise<void>): Promise<unknown> => {
    const error = await errorOf(work);
    return error === undefined ? 200 : Reflect.get(error, 'status');
  };

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(() => {
    order = [];
    run = () => Promise.resolve(void order.push('handler'));
  });
  afterEach(() => void jest.useRealTimers());

  it('cleans the caches before handlers run', async () => {
    await service().receive(Buffer.from(` ${body()}\n`));
    expect(order).toEqual(['hygiene', 'handler']);
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

  it('answers 503 after a second, no sooner, and lets the handler go on', async () => {
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

  it('waits for handlers when the application stops, for ten seconds at most', async () => {
    jest.useFakeTimers();
    run = () => new Promise(() => undefined);
    const webhooks = service();
    void webhooks.receive(body()).catch(() => undefined);
    const stopped = jest.fn();
    void webhooks.beforeApplicationShutdown().then(stopped);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(stopped).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(stopped).toHaveBeenCalled();
  });

  it('warns of refused webhooks once a minute, without showing them', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const webhooks = service();
    for (let count = 0; count < 3; count += 1) await errorOf(() => webhooks.receive('eyJ.secret.stuff'));
    expect(warn.mock.calls).toEqual([[expect.stringContaining('WIX_CREDENTIALS_REJECTED')]]);
    expect(String(warn.mock.calls)).not.toContain('secret');
    warn.mockRestore();
  });
});
