import fc from 'fast-check';

import { WixDestination } from '../../../src/http/wix-destination.js';
import { codeOf } from '../../support/code-of.js';

describe('WixDestination', () => {
  const destination = new WixDestination('https://www.wixapis.com');

  it.each([
    ['/stores/v1/products', 'https://www.wixapis.com/stores/v1/products'],
    ['stores/v1/products?limit=1', 'https://www.wixapis.com/stores/v1/products?limit=1'],
    ['https://www.wixapis.com/stores', 'https://www.wixapis.com/stores'],
    ['https://WWW.WIXAPIS.COM:443/stores', 'https://www.wixapis.com/stores'],
    ['/events:query/x', 'https://www.wixapis.com/events:query/x'],
    ['/a/../b', 'https://www.wixapis.com/b'],
    ['/redirect?to=https://evil.example', 'https://www.wixapis.com/redirect?to=https://evil.example'],
    ['/@evil.example/x', 'https://www.wixapis.com/@evil.example/x'],
    ['', 'https://www.wixapis.com/'],
  ])('resolves %j below the API', (url, expected) => {
    expect(destination.resolve(url)).toBe(expected);
  });

  it.each([
    'https://evil.example/stores',
    'http://www.wixapis.com/stores',
    'https://www.wixapis.com:8443/stores',
    'https://www.wixapis.com.evil.example/stores',
    'https://www.wixapis.com@evil.example/stores',
    'https://someone@www.wixapis.com/stores',
    '//evil.example/stores',
    '/\\evil.example/stores',
    '\\\\evil.example/stores',
    '\\/evil.example/stores',
    ' //evil.example/stores',
    '\t//evil.example/stores',
    '/\t/evil.example',
    'https:\\\\evil.example',
    'javascript:alert(1)',
    'data:text/plain,x',
    'file:///etc/passwd',
    'https://',
  ])('never lets %j out of the API', async (url) => {
    const found = destination.find(url);
    if (found === undefined) expect(await codeOf(() => destination.resolve(url))).toBe('WIX_MISCONFIGURED');
    else expect(new URL(found).origin).toBe('https://www.wixapis.com');
  });

  it.each(['//evil.example/stores', '/\\evil.example/stores', 'https://evil.example', 'http://www.wixapis.com/'])(
    'refuses %j',
    async (url) => {
      expect(await codeOf(() => destination.resolve(url))).toBe('WIX_MISCONFIGURED');
    },
  );

  it('does not repeat refused input in its error', () => {
    expect(() => destination.resolve('https://evil.example/?token=canary')).not.toThrow(/canary/);
    expect(() => destination.resolve('https://evil.example/?token=canary')).toThrow(/another origin/);
  });

  it('takes a base below the API, and no other', async () => {
    expect(destination.resolve('/products', 'https://www.wixapis.com/stores/v1')).toBe(
      'https://www.wixapis.com/stores/v1/products',
    );
    expect(await codeOf(() => destination.resolve('/products', 'https://evil.example'))).toBe('WIX_MISCONFIGURED');
    expect(await codeOf(() => destination.resolve('/products', 'not a URL'))).toBe('WIX_MISCONFIGURED');
  });

  it('stays below the path of an API URL that has one', async () => {
    const gateway = new WixDestination('https://gateway.example/wix');
    expect(gateway.resolve('/stores')).toBe('https://gateway.example/wix/stores');
    expect(await codeOf(() => gateway.resolve('/../other'))).toBe('WIX_MISCONFIGURED');
    expect(await codeOf(() => gateway.resolve('https://gateway.example/wixother'))).toBe('WIX_MISCONFIGURED');
  });

  it('follows redirects relative to their source, within the API', () => {
    const from = 'https://www.wixapis.com/stores/v1/products';
    expect(destination.redirected('/elsewhere?x=1', from)).toBe('https://www.wixapis.com/elsewhere?x=1');
    expect(destination.redirected('items', from)).toBe('https://www.wixapis.com/stores/v1/items');
    expect(destination.redirected('//evil.example/', from)).toBeUndefined();
    expect(destination.redirected('http://www.wixapis.com/', from)).toBeUndefined();
    expect(destination.redirected('https://', from)).toBeUndefined();
  });
});

describe('A destination that is allowed', () => {
  const piece = fc.constantFrom(
    ...['https:', 'http:', 'javascript:', '//', '/', '\\', '@', ':', ':8443', '.', '..', '%2e%2e', '%2f', '?', '#'],
    ...['www.wixapis.com', 'evil.example', 'wix', 'stores', ' ', '\t', '\n', '\0', 'ä'],
  );
  const url = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.webUrl(),
    fc.string(),
  );

  it.each(['https://www.wixapis.com', 'https://proxy.example/wix'])(
    'is below %s, whatever input it is made of',
    (apiUrl) => {
      const destination = new WixDestination(apiUrl);
      fc.assert(
        fc.property(url, fc.option(url, { nil: undefined }), (given, base) => {
          const found = [destination.find(given, base), destination.redirected(given, `${apiUrl}/stores/v1`)];
          for (const text of found) {
            if (text === undefined) continue;
            const { origin, pathname, username, password } = new URL(text);
            expect([origin, username, password]).toEqual([new URL(apiUrl).origin, '', '']);
            expect(`${origin}${pathname}`.startsWith(`${apiUrl}/`)).toBe(true);
          }
        }),
        { numRuns: 2_000 },
      );
    },
  );
});
