import { Logger } from '@nestjs/common';

import { WixLogger } from '../../../src/diagnostics/wix-logger.js';
import { CapturedLogs } from '../../support/captured-logs.js';

const CONTROLS = [
  ...Array.from({ length: 32 }, (_none, code) => code),
  0x7f,
  0x9b,
  0x85,
  0x2028,
  0x2029,
  0x202e,
  0x2066,
];

describe('WixLogger', () => {
  const logs = new CapturedLogs();
  const logger = new WixLogger();

  beforeAll(() => {
    Logger.overrideLogger(logs);
  });
  beforeEach(() => {
    logs.entries.length = 0;
  });
  afterAll(() => {
    Logger.overrideLogger(false);
  });

  it.each(['log', 'warn', 'error'] as const)('writes %s lines under the name of the module', (level) => {
    logger[level]('Something happened: ü, 日本, 😀.');
    expect(logs.of(level, 'WixAuthModule')).toEqual(['Something happened: ü, 日本, 😀.']);
  });

  it.each(CONTROLS)('writes the character %d as an escape', (code) => {
    const character = String.fromCharCode(code);
    for (const level of ['log', 'warn', 'error'] as const) logger[level](`a${character}b`);
    const written = logs.entries.map(({ message }) => message);
    expect(written).toEqual(Array(3).fill(`a\\u${code.toString(16).padStart(4, '0')}b`));
  });

  it('writes a stack below its line, in which nothing passes for another line', () => {
    logger.error('failed', 'Error: first\n[Nest] forged\r\u001b[2K\n    at here\n    at there');
    const [line] = logs.entries;
    expect(line?.message).toBe('failed');
    expect(line?.rest).toEqual([
      'Error: first\n    [Nest] forged\\u000d\\u001b[2K\n    at here\n    at there',
      'WixAuthModule',
    ]);
  });

  it('writes a table, whose cells stay in their lines', () => {
    logger.table(['Routes:', '  GET /a', '  GET /b\n[Nest] forged']);
    expect(logs.of('log', 'WixAuthModule')).toEqual(['Routes:\n  GET /a\n  GET /b\\u000a[Nest] forged']);
  });
});
