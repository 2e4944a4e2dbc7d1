import { inspect } from 'node:util';

import { WixAccessToken } from '../../../src/tokens/wix-access-token.js';

describe('WixAccessToken', () => {
  const token = new WixAccessToken('the-token-itself', new Date('2026-11-23T16:00:00.000Z'));

  it('returns its value only through the named method', () => {
    expect(token.value).toBe('the-token-itself');
    expect(token.expiresAt).toEqual(new Date('2026-11-23T16:00:00.000Z'));
  });

  it.each<[string, () => string]>([
    ['util.inspect', () => inspect(token)],
    ['util.inspect, deep', () => inspect({ nested: [token] }, { depth: 10, showHidden: true, getters: true })],
    ['util.inspect without custom inspection', () => inspect(token, { customInspect: false, showHidden: true })],
    ['JSON', () => JSON.stringify({ token })],
    ['a template', () => `a token: ${String(token)}`],
    ['concatenation', () => ['', token].join('')],
    // eslint-disable-next-line @typescript-eslint/no-misused-spread -- what a careless logger does
    ['a spread', () => inspect({ ...token }, { showHidden: true }) + JSON.stringify({ ...token })],
    ['its entries', () => JSON.stringify(Object.entries(token))],
    ['a structured clone', () => inspect(structuredClone(token), { showHidden: true })],
    ['an error around it', () => inspect(new Error(`failed with ${String(token)}`, { cause: token }))],
  ])('does not show it in %s', (_how, print) => {
    expect(print()).not.toContain('the-token-itself');
  });

  it('says [redacted] instead', () => {
    expect([inspect(token), String(token), JSON.stringify(token)]).toEqual([
      '[redacted]',
      '[redacted]',
      '"[redacted]"',
    ]);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(token)).toBe(true);
  });
});
