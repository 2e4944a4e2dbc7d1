import { ConsoleLogger, Logger } from '@nestjs/common';
import { jest } from '@jest/globals';

import { AuthEvents } from '../../../src/core/auth-events.js';
import { EventLog } from '../../../src/diagnostics/event-log.js';
import { CapturedLogs } from '../../support/captured-logs.js';

const REFUSED = { code: 'WIX_APP_REFUSED', message: 'Wix refuses the app id or secret.' };

describe('EventLog', () => {
  let logs: CapturedLogs;
  let events: AuthEvents;
  let log: EventLog;

  beforeEach(() => {
    jest.useFakeTimers();
    logs = new CapturedLogs();
    Logger.overrideLogger(logs);
    events = new AuthEvents();
    log = new EventLog(events);
  });

  afterEach(() => {
    log.onApplicationShutdown();
    Logger.overrideLogger(false);
    jest.useRealTimers();
  });

  const errors = (): string[] => logs.of('error', 'WixAuthModule');

  it('writes an error of our own making at once, and how many more there were once a minute', () => {
    for (let count = 0; count < 500; count += 1) events.emit('operatorError', REFUSED);
    expect(errors()).toEqual(['WIX_APP_REFUSED: Wix refuses the app id or secret.']);

    jest.advanceTimersByTime(59_999);
    expect(errors()).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(errors()).toHaveLength(2);
    expect(errors()[1]).toContain('(499 more since the last line about this)');
  });

  it('writes no second line where there was no second error', () => {
    events.emit('operatorError', REFUSED);
    jest.advanceTimersByTime(600_000);

    expect(errors()).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('writes one line a minute for as long as it lasts', () => {
    for (let second = 0; second < 300; second += 1) {
      events.emit('operatorError', REFUSED);
      jest.advanceTimersByTime(1_000);
    }

    expect(errors()).toHaveLength(6);
  });

  it('counts errors with other reasons apart', () => {
    events.emit('operatorError', REFUSED);
    events.emit('operatorError', { code: 'WIX_MISCONFIGURED', message: 'No guard.' });

    expect(errors()).toHaveLength(2);
  });

  it('writes what is outstanding when the application ends, and leaves no timer behind', () => {
    events.emit('operatorError', REFUSED);
    events.emit('operatorError', REFUSED);
    log.onApplicationShutdown();

    expect(errors()[1]).toContain('(1 more since');
    expect(jest.getTimerCount()).toBe(0);
  });

  describe('as objects', () => {
    const entries = () => logs.entries.map(({ level, message }) => ({ level, message }));
    const opened = { endpoint: '/oauth2/token', lane: 'control', reason: 'HTTP 503\nforged line', requestId: 'req-1' };

    it('tells what is known, and how many lines were left out', () => {
      log.onApplicationShutdown();
      events = new AuthEvents();
      log = new EventLog(events, 'json');
      events.emit('circuitOpened', opened);
      for (let count = 0; count < 3; count += 1) events.emit('operatorError', REFUSED);
      jest.advanceTimersByTime(60_000);
      const fields = { event: 'operatorError', code: 'WIX_APP_REFUSED' };
      expect(entries()).toMatchObject([
        {
          level: 'warn',
          message: {
            event: 'circuitOpened',
            msg: expect.stringContaining('Wix does not answer /oauth2/token') as string,
            ...opened,
            reason: 'HTTP 503\\u000aforged line',
          },
        },
        { level: 'error', message: { ...fields, msg: expect.stringContaining('WIX_APP_REFUSED') as string } },
        { level: 'error', message: { ...fields, count: 2 } },
      ]);
    });

    it("is how it writes where Nest's own logger writes JSON, unless told otherwise", () => {
      const written: string[] = [];
      const write = process.stderr.write.bind(process.stderr);
      const writeOut = process.stdout.write.bind(process.stdout);
      const take = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
      process.stderr.write = take;
      process.stdout.write = take;
      Logger.overrideLogger(new ConsoleLogger({ json: true, colors: false }));
      events.emit('circuitOpened', opened);
      new EventLog(events, 'text').onApplicationShutdown();
      process.stderr.write = write;
      process.stdout.write = writeOut;
      expect(JSON.parse(written[0] ?? '')).toMatchObject({
        level: 'warn',
        context: 'WixAuthModule',
        message: { event: 'circuitOpened', requestId: 'req-1' },
      });
    });
  });
});
