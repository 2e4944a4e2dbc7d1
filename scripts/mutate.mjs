// Mutation testing of one room by the unit tests of that room: `npm run mutate -- tokens`, or of some of its files:
// `npm run mutate -- tokens token-cache.ts stored-token.ts:1-40`. Reports go to `.tmp/mutation/`.
import { existsSync } from 'node:fs';

import { Stryker } from '@stryker-mutator/core';

const [room = '', ...files] = process.argv.slice(2);
const hasTests = room !== '' && existsSync(`src/${room}`) && existsSync(`test/unit/${room}`);

if (hasTests) {
  const tests = `test/unit/${room}`;
  await new Stryker({
    mutate: (files.length > 0 ? files : ['**/*.ts']).map((file) => `src/${room}/${file}`),
    // Jest finds by the imports of `src` which of these tests a mutant can concern.
    jest: { config: { roots: [`<rootDir>/${tests}`, '<rootDir>/src'], testRegex: `/${tests}/.*\\.spec\\.ts$` } },
    htmlReporter: { fileName: `.tmp/mutation/${room}.html` },
    jsonReporter: { fileName: `.tmp/mutation/${room}.json` },
  }).runMutationTest();
} else {
  console.error('Say which room: npm run mutate -- <folder of src that has a folder in test/unit> [files of the room]');
  process.exitCode = 1;
}
