import { readFileSync } from 'node:fs';

import * as marks from '../../../src/core/marks.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const symbols = Object.entries<unknown>(marks).filter(
  (entry): entry is [string, symbol] => typeof entry[1] === 'symbol',
);

describe('the marks of decorators and guards', () => {
  it('name the version that is published', () => {
    expect(marks.thisCopy).toEqual({ version });
  });

  it.each(symbols)('are the same in every copy, with a format each: %s', (name, mark) => {
    const key = Symbol.keyFor(mark);
    expect(key).toMatch(name === 'COPY' ? /^nestjs-wix-auth\/copy$/ : /^nestjs-wix-auth\/[a-z-]+@\d+$/);
    expect(symbols.filter(([, other]) => other === mark)).toHaveLength(1);
  });
});
