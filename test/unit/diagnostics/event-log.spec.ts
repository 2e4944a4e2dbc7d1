import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ConsoleLogger, Logger } from '@nestjs/common';
import { jest } from '@jest/globals';

import { AuthEvents, type AuthEventMap, type AuthEventName } from '../../../src/core/auth-events.js';
import { eventLines } from '../../../src/diagnostics/event-lines.js';
import { EventLog } from '../../../src/diagnostics/event-log.js';
import { CapturedLogs } from '../../support/captured-logs.js';

const REFUSED = { code: 'WIX_APP_REFUSED', message: 'Wix refuses the app id or secret.' };

const INSTANCE = { instanceId: '6f1f6a52-3b1c-4d6f-8f0e-0d8a1c7a2b11' };
const AWAY = { reason: 'ECONNREFUSED' };
const CIRCUIT = { endpoint: '/oauth2/token', lane: 'control' };

/** One of each: an event that is added has to be added here. */
const oneOfEach: { readonly [Name in AuthEventName]: AuthEventMap[Name] } = {
  operatorError: REFUSED,
  foreignCredential: { looksSwapped: false, namedAppId: 'another' },
  storeFailed: { store: 'cache', sinceMs: 1, ...AWAY },
  storeRecovered: { store: 'refresh tokens' },
  redisUnreachable: AWAY,
  redisSetting: { setting: 'maxmemory-policy', value: 'allkeys-lru' },
  refreshTokensAtRisk: { risk: 'appendonly no' },
  refreshTokensInMemory: {},
  refreshTokenUnreadable: INSTANCE,
  renewalFailed: { kind: 'app', reason: 'HTTP 503' },
  installRefused: { code: 'WIX_INSTALL_STATE_USED', message: 'Used.' },
  installHookFailed: { ...INSTANCE, stack: 'Error: wrong' },
  installRedirectRefused: INSTANCE,
  sharing: { shared: ['tokens'] },
  sharingIncomplete: { missing: ['ledger'] },
  bodyTooLarge: { bytes: 9, maxBytes: 8 },
  ledgerInMemory: {},
  ledgerFailed: AWAY,
  ledgerRecovered: { failures: 2 },
  queueFailed: { ...AWAY, storing: true },
  queueRecovered: { failures: 2 },
  deadLetter: { id: 'dead', of: { type: 'AppInstalled', id: undefined, ...INSTANCE }, reason: 'Error', attempts: 3 },
  webhookRefused: { code: 'WIX_CREDENTIALS_REJECTED', message: 'Not signed.' },
  handlerFailed: {
    handler: 'A.b',
    eventType: 'c',
    eventId: 'd',
    then: 'Wix will send it again',
    stack: 'Error: e',
    ...INSTANCE,
  },
  handlerSlow: { work: 'A.b on c', afterMs: 30_000 },
  shutdownAbandoned: { works: ['A.b on c'] },
  circuitOpened: { ...CIRCUIT, reason: 'HTTP 503', requestId: 'req-1' },
  circuitClosed: { ...CIRCUIT, lastedMs: 1_000, refused: 3 },
  refusalsBegan: { status: 401, requestId: 'req-1' },
  refusalsEnded: { lastedMs: 1_000, refused: 3 },
  appRefused: { requestId: 'req-1' },
  appAccepted: { refused: 3 },
  appVerified: {},
  appNotVerified: { reason: 'HTTP 503' },
  startUpWarning: { message: 'Did you mean …?' },
  startUpTable: { title: 'Routes:', rows: ['  GET /a'] },
  staleServed: { what: 'grants' },
  appRemoved: { ...INSTANCE, removedAtMs: 1 },
  auditFailed: AWAY,
  auditDropped: { unfinished: 1_000 },
  scopesReported: { route: 'GET /a', identityType: 'user', outcome: 'refused', scopes: ['A.B'], lackedBy: ['app'] },
};

/** How lines begin, by the manual. */
const documented = [
  ...readFileSync('docs/operations/monitoring.md', 'utf8').matchAll(/^\| (`.+`) +\| (?:log|warn|error) /gm),
]
  .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)])
  .map(([, begins = '']) => new RegExp(`^${begins.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+')}`));

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

  it('writes an error of this library at once, and the number of repeats once a minute', () => {
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

    it('includes the known facts, and how many lines were left out', () => {
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

    it.each(Object.entries(oneOfEach))('writes %s by its name, in words and with all known facts', (name, event) => {
      log.onApplicationShutdown();
      events = new AuthEvents();
      log = new EventLog(events, 'json');
      events.emit(name as AuthEventName, event);
      if (eventLines[name as AuthEventName] === undefined) expect(logs.entries).toEqual([]);
      else {
        const msg = expect.any(String) as string;
        expect(logs.entries.map(({ message }) => message)).toEqual([{ ...event, event: name, msg }]);
        expect(logs.entries.map(({ rest }) => rest.at(-1))).toEqual(['WixAuthModule']);
      }
    });

    it.each(Object.keys(oneOfEach).filter((name) => !name.startsWith('startUp')))(
      'has the line of %s in the manual',
      (name) => {
        const line = eventLines[name as AuthEventName];
        const text = line?.text(oneOfEach[name as AuthEventName] as never) ?? '';
        if (line !== undefined) expect(documented.filter((begins) => begins.test(text))).toHaveLength(1);
      },
    );

    it('is the only code that uses the logger of Nest', () => {
      const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
      const own = files.filter((file) => !/^(cli|testing)\//.test(file));
      const naming = (word: RegExp): string[] =>
        own.filter((file) => word.test(readFileSync(join('src', file), 'utf8')));
      expect(naming(/\bLogger\b/)).toEqual(['diagnostics/wix-logger.ts']);
      expect(naming(/console\.(log|warn|error|info|debug)\b|process\.std(out|err)\b/)).toEqual([]);
      expect(naming(/\bWixLogger\b/).toSorted()).toEqual([
        'access/responses/wix-auth-exception.filter.ts',
        'diagnostics/event-log.ts',
        'diagnostics/wix-logger.ts',
        'options/options.module.ts',
      ]);
    });

    it("writes objects where Nest's own logger writes JSON, unless configured otherwise", () => {
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
