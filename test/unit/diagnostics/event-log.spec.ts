import { Logger } from '@nestjs/common';
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
});
