// What Wix's packages declare, and what is generated from it.
//
//   npm run catalogue           reads the installed packages into data/*.csv, and generates the TypeScript from that
//   npm run check:catalogue     fails when either would change anything
//
// data/ holds every package of Wix as of its last full reading; only some are installed here. Rows of an installed
// package are replaced as a whole; all others stay. Names and kinds of scopes are reviewed by hand: a scope that is new
// here is added as one that manages.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { generatedFiles } from './catalogue/generated-files.mjs';
import { installedPackages } from './catalogue/installed-packages.mjs';
import { merged, tables } from './catalogue/tables.mjs';
import { readPackage } from './catalogue/read-package.mjs';
import { rowsOf } from './catalogue/csv.mjs';
import { root } from './run.mjs';

const pathOf = (file) => join(root, file);
const committed = Object.fromEntries(
  Object.entries(tables).map(([name, { file }]) => [name, rowsOf(readFileSync(pathOf(file), 'utf8'))]),
);
const packages = installedPackages();
const read = await Promise.all(packages.map(readPackage));
const data = merged(committed, packages, read);

const files = { ...data.files, ...(await generatedFiles(data.rows)) };
const stale = Object.entries(files).filter(([file, text]) => textOf(file) !== text);

if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is not what the installed packages and data/ give.`);
  if (stale.length > 0) {
    console.error('Run `npm run catalogue`, look at what changed, and commit it.');
    process.exit(1);
  }
} else {
  for (const [file, text] of stale) writeFileSync(pathOf(file), text);
  console.log(stale.length === 0 ? 'Nothing changed.' : `Written: ${stale.map(([file]) => file).join(', ')}.`);
}

function textOf(file) {
  try {
    return readFileSync(pathOf(file), 'utf8');
  } catch {
    return undefined;
  }
}
