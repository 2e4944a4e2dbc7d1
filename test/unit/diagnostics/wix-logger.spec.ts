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

const STACK = 'Error: first\n[Nest] forged\r\u001b[2K\n    at here\n    at there';

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
    logger.write({ level, event: 'happened', text: 'Something happened: ü, 日本, 😀.' });
    expect(logs.of(level, 'WixAuthModule')).toEqual(['Something happened: ü, 日本, 😀.']);
  });

  it.each(CONTROLS)('writes the character %d as an escape', (code) => {
    const character = String.fromCharCode(code);
    for (const level of ['log', 'warn', 'error'] as const)
      logger.write({ level, event: 'happened', text: `a${character}b` });
    const written = logs.entries.map(({ message }) => message);
    expect(written).toEqual(Array(3).fill(`a\\u${code.toString(16).padStart(4, '0')}b`));
  });

  it('writes a stack below its line, in which no line looks like another record', () => {
    logger.write({ level: 'error', event: 'failed', text: 'failed', below: [STACK] });
    const [line] = logs.entries;
    expect(line?.message).toBe('failed');
    expect(line?.rest).toEqual([
      'Error: first\n    [Nest] forged\\u000d\\u001b[2K\n    at here\n    at there',
      'WixAuthModule',
    ]);
  });

  it('writes a table with each cell on its own line', () => {
    logger.write({ level: 'log', event: 'table', text: 'Routes:', below: ['  GET /a', '  GET /b\n[Nest] forged'] });
    expect(logs.of('log', 'WixAuthModule')).toEqual(['Routes:\n  GET /a\n  GET /b\\u000a[Nest] forged']);
  });

  it('writes objects in JSON, with every text on one line at any depth', () => {
    const fields = { event: 'forged', msg: 'forged', works: ['one\ntwo'], of: { id: 'a\u001b[2K' }, stack: STACK };
    new WixLogger('json').write({ level: 'error', event: 'failed', text: 'first\nsecond', below: [STACK], fields });
    const [line] = logs.entries;
    expect(line?.rest.filter(Boolean)).toEqual(['WixAuthModule']);
    expect(line?.message).toEqual({
      event: 'failed',
      msg: 'first\\u000asecond',
      works: ['one\\u000atwo'],
      of: { id: 'a\\u001b[2K' },
      stack: 'Error: first\n    [Nest] forged\\u000d\\u001b[2K\n    at here\n    at there',
    });
  });
});
