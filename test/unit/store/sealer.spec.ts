import { createSecretKey, type KeyObject } from 'node:crypto';

import fc from 'fast-check';

import { entryKey, seal, unseal } from '../../../src/store/sealer.js';

const keyFrom = (secret: string): KeyObject => createSecretKey(Buffer.from(secret));
const secret = keyFrom('one');

describe('seal', () => {
  it('opens what it sealed', () => {
    expect(unseal(secret, 'key', seal(secret, 'key', 'a text: ä'))).toBe('a text: ä');
  });

  it('never produces the same output twice, even for the same text', () => {
    expect(seal(secret, 'key', 'text')).not.toBe(seal(secret, 'key', 'text'));
  });

  it('reveals nothing of the text', () => {
    const bytes = Buffer.from(seal(secret, 'key', 'a text to find'), 'base64url');

    expect(bytes.toString('latin1')).not.toContain('text');
  });

  it('does not open under another key, so that swapped entries are noticed', () => {
    expect(unseal(secret, 'other key', seal(secret, 'key', 'text'))).toBeUndefined();
  });

  it('does not open with another secret', () => {
    expect(unseal(keyFrom('two'), 'key', seal(secret, 'key', 'text'))).toBeUndefined();
  });

  it('opens any text under any key and secret, and under those alone', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(text, names, names, (plain, [key = '', otherKey = ''], [own = '', other = '']) => {
        const sealed = seal(keyFrom(own), key, plain);
        expect(unseal(keyFrom(own), key, sealed)).toBe(plain);
        expect(unseal(keyFrom(own), otherKey, sealed)).toBeUndefined();
        expect(unseal(keyFrom(other), key, sealed)).toBeUndefined();
      }),
    );
  });

  it('does not open when any single byte was altered', () => {
    const bytes = Buffer.from(seal(secret, 'key', 'text'), 'base64url');
    const altered = [...bytes.keys()].map((at) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      return unseal(secret, 'key', copy.toString('base64url'));
    });

    expect(new Set(altered)).toEqual(new Set([undefined]));
  });

  it('opens only one encoding of the same bytes', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const texts = ['a', 'ab', 'abc'].map((text) => seal(secret, 'key', text));
    const opened = texts.flatMap((sealed) =>
      Array.from(alphabet)
        .map((last) => unseal(secret, 'key', sealed.slice(0, -1) + last))
        .filter((text) => text !== undefined),
    );
    expect(opened).toEqual(['a', 'ab', 'abc']);
  });

  it.each(['', 'nonsense', 'AQ', 'A'.repeat(200)])('does not open %j', (sealed) => {
    expect(unseal(secret, 'key', sealed)).toBeUndefined();
  });
});

describe('entryKey', () => {
  it('is the same for the same name and secret only, and reveals neither', () => {
    expect(entryKey(secret, 'name')).toBe(entryKey(secret, 'name'));
    expect(entryKey(secret, 'name')).not.toBe(entryKey(secret, 'other'));
    expect(entryKey(secret, 'name')).not.toBe(entryKey(keyFrom('two'), 'name'));
    expect(entryKey(secret, 'name')).not.toContain('name');
  });
});
