import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../run.mjs';

/** The packages of Wix that are read: exact versions of them are development dependencies. */
const sources = ['@wix/app-management', '@wix/bookings', '@wix/crm', '@wix/ecom', '@wix/stores'];

/** The generated packages these consist of, one for each entity, with their versions as installed. */
export function installedPackages() {
  const names = new Set(sources.flatMap((name) => Object.keys(manifestOf(name).dependencies ?? {})));
  return [...names]
    .filter((name) => name.startsWith('@wix/auto_sdk_'))
    .sort()
    .map((name) => ({ name, version: manifestOf(name).version, folder: folderOf(name) }));
}

const folderOf = (name) => join(root, 'node_modules', name);
const manifestOf = (name) => JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
