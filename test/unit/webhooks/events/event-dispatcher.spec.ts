import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { AuthEvents } from '../../../../src/core/auth-events.js';
import { EventLog } from '../../../../src/diagnostics/event-log.js';
import type { EventDispatcher } from '../../../../src/webhooks/events/event-dispatcher.js';
import type { EventHandler } from '../../../../src/webhooks/events/event-handler.js';
import { InMemoryEventLedger } from '../../../../src/store/in-memory-event.ledger.js';
import type { WixDomainEvent } from '../../../../src/webhooks/events/wix-event.js';
import { INSTANCE } from '../../../support/app.js';
import { deferred, turns } from '../../../support/deferred.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { dispatcherOn } from '../dispatchers.js';

const EVENT: WixDomainEvent = { type: 'thing_created', instanceId: INSTANCE, issuedAt: new Date(0), id: 'event-1' };
const KEY = 'key-of-event-1';

/** A handler that does each time what it is told next, and counts. */
class Scripted implements EventHandler {
  runs = 0;
  readonly types: readonly string[];

  constructor(
    readonly name: string,
    private readonly script: (() => unknown)[] = [],
    type = 'thing_created',
  ) {
    this.types = [type];
  }

  async run(): Promise<void> {
    this.runs += 1;
    await this.script.shift()?.();
  }
}

const fails = (): never => {
  throw new Error('The database is down.');
};

class BrokenLedger extends InMemoryEventLedger {
  override claim(): Promise<never> {
    return Promise.reject(Object.assign(new Error('Cannot reach it.'), { code: 'ECONNREFUSED' }));
  }
}

describe('EventDispatcher', () => {
  const clock = new FakeClock();
  const twoProcesses = (): readonly [EventDispatcher, EventDispatcher] => {
    const ledger = new InMemoryEventLedger(clock);
    return [dispatcherOn(ledger), dispatcherOn(ledger)];
  };

  beforeAll(() => void Logger.overrideLogger(false));
  afterEach(() => void jest.useRealTimers());

  it('runs the handlers of the type and those of all types', async () => {
    const handlers = [new Scripted('A'), new Scripted('B', [], '*'), new Scripted('C', [], 'other')];
    const [dispatcher] = twoProcesses();
    await expect(dispatcher.dispatch(KEY, EVENT, handlers).outcome).resolves.toBe('done');
    expect(handlers.map(({ runs }) => runs)).toEqual([1, 1, 0]);
  });

  it('runs only what failed when the event comes again', async () => {
    const good = new Scripted('Good');
    const bad = new Scripted('Bad', [fails]);
    const [dispatcher] = twoProcesses();
    await expect(dispatcher.dispatch(KEY, EVENT, [good, bad]).outcome).resolves.toBe('failed');
    await expect(dispatcher.dispatch(KEY, EVENT, [good, bad]).outcome).resolves.toBe('done');
    await expect(dispatcher.dispatch(KEY, EVENT, [good, bad]).outcome).resolves.toBe('done');
    expect([good.runs, bad.runs]).toEqual([1, 2]);
  });

  it('lets a duplicate wait for work in progress in this process', async () => {
    const gate = deferred<undefined>();
    const slow = new Scripted('Slow', [() => gate.promise]);
    const [dispatcher] = twoProcesses();
    const both = [dispatcher.dispatch(KEY, EVENT, [slow]).outcome, dispatcher.dispatch(KEY, EVENT, [slow]).outcome];
    gate.resolve(undefined);
    await expect(Promise.all(both)).resolves.toEqual(['done', 'done']);
    expect(slow.runs).toBe(1);
  });

  it('reports an unknown result while another process handles an event', async () => {
    const gate = deferred<undefined>();
    const slow = new Scripted('Slow', [() => gate.promise]);
    const [here, there] = twoProcesses();
    const first = here.dispatch(KEY, EVENT, [slow]).outcome;
    await turns();
    await expect(there.dispatch(KEY, EVENT, [slow]).outcome).resolves.toBe('unknown');
    gate.resolve(undefined);
    await first;
    await expect(there.dispatch(KEY, EVENT, [slow]).outcome).resolves.toBe('done');
    expect(slow.runs).toBe(1);
  });

  it('extends its claim while a handler runs, and loses it when the process dies', async () => {
    jest.useFakeTimers();
    const handler = new Scripted('Slow', [() => new Promise(() => undefined)]);
    const [here, there] = twoProcesses();
    here.dispatch(KEY, EVENT, [handler]);
    await pass(90_000);
    await expect(there.dispatch(KEY, EVENT, [handler]).outcome).resolves.toBe('unknown');

    jest.clearAllTimers();
    await pass(31_000);
    await expect(there.dispatch(KEY, EVENT, [handler]).outcome).resolves.toBe('done');
    expect(handler.runs).toBe(2);
  });

  it('reports an unknown result when the ledger is down, and runs nothing', async () => {
    const handler = new Scripted('A');
    const dispatcher = dispatcherOn(new BrokenLedger(clock));
    const { claimed, outcome } = dispatcher.dispatch(KEY, EVENT, [handler]);
    expect([await claimed, await outcome]).toEqual(['unknown', 'unknown']);
    expect(handler.runs).toBe(0);
  });

  it('aborts a handler that takes too long, and extends its claim until it ends', async () => {
    jest.useFakeTimers();
    const ledger = new InMemoryEventLedger(clock);
    const [here, there] = [dispatcherOn(ledger, { handlerTimeoutMs: 2_000 }), dispatcherOn(ledger)];
    const gate = deferred<undefined>();
    const signals: AbortSignal[] = [];
    const handler: EventHandler = {
      name: 'Slow',
      types: ['*'],
      run: (_event, { signal }) => {
        signals.push(signal);
        return gate.promise;
      },
    };
    const { outcome } = here.dispatch(KEY, EVENT, [handler]);
    await jest.advanceTimersByTimeAsync(1_999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await jest.advanceTimersByTimeAsync(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await expect(there.dispatch(KEY, EVENT, [handler]).outcome).resolves.toBe('unknown');

    gate.reject(new Error('Stopped.'));
    await expect(outcome).resolves.toBe('failed');
    await expect(there.dispatch(KEY, EVENT, [handler]).outcome).resolves.toBe('failed');
    expect(signals).toHaveLength(2);
  });

  it('names a handler that has not ended after thirty seconds, once', async () => {
    jest.useFakeTimers();
    const events = new AuthEvents();
    const slow: unknown[] = [];
    events.on('handlerSlow', (event) => slow.push(event));
    const handler = new Scripted('Slow', [() => new Promise(() => undefined)]);
    dispatcherOn(new InMemoryEventLedger(clock), { events }).dispatch(KEY, EVENT, [handler]);
    await jest.advanceTimersByTimeAsync(29_999);
    expect(slow).toEqual([]);
    await jest.advanceTimersByTimeAsync(90_000);
    expect(slow).toEqual([{ work: 'Slow on thing_created event-1', afterMs: 30_000 }]);
  });

  it('logs once a minute that the ledger fails, why, and how often', async () => {
    jest.useFakeTimers();
    const lines: string[] = [];
    const logger = jest.spyOn(Logger.prototype, 'error').mockImplementation((line) => void lines.push(String(line)));
    const events = new AuthEvents();
    const log = new EventLog(events);
    const dispatcher = dispatcherOn(new BrokenLedger(clock), { events });
    for (let count = 0; count < 50; count += 1) {
      await dispatcher.dispatch(`${KEY} ${String(count)}`, EVENT, [new Scripted('A')]).outcome;
    }
    log.onApplicationShutdown();
    logger.mockRestore();
    expect(lines).toEqual([
      expect.stringContaining('The event ledger failed (ECONNREFUSED)'),
      expect.stringContaining('49 more'),
    ]);
  });

  it('releases the claims of running handlers when the process is about to exit', async () => {
    const [here, there] = twoProcesses();
    const handler = new Scripted('Slow', [() => new Promise(() => undefined)]);
    here.dispatch(KEY, EVENT, [handler]);
    await turns();
    expect(here.underWay).toEqual(['Slow on thing_created event-1']);
    await here.releaseAll();
    await expect(there.dispatch(KEY, EVENT, [handler]).outcome).resolves.toBe('done');
  });

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5_000) {
      clock.advance(5_000);
      await jest.advanceTimersByTimeAsync(5_000);
    }
  }
});
