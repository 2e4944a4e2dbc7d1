import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileInto } from '../support/compiled.js';

// What is loaded from CommonJS, as class-validator is, stands in the cache of require().
const isLoaded = (specifier: string): string => `
  import { createRequire } from 'node:module';
  await import('${specifier}');
  const files = Object.keys(createRequire(import.meta.url).cache);
  console.log(files.some((file) => file.includes('/node_modules/class-validator/')));
`;

describe('What importing the package loads', () => {
  const sources = mkdtempSync(join(tmpdir(), 'loaded-packages-'));

  beforeAll(() => {
    compileInto(sources, []);
  });
  afterAll(() => {
    rmSync(sources, { recursive: true });
  });

  const loadsValidator = (specifier: string): string =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', isLoaded(specifier)], {
      cwd: sources,
      encoding: 'utf8',
    }).trim();

  it('is not class-validator, which only the check of options needs', () => {
    expect(loadsValidator('./src/index.js')).toBe('false');
    expect(loadsValidator('./src/options/check-options.js')).toBe('true');
  });
});
