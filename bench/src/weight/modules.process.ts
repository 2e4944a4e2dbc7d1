import { Session } from 'node:inspector';

import { report } from '../process/fresh-run.js';
import { buildInArgs, loadEntry, loadNest } from './build.js';

/** How many files each package has loaded, before and after the main entry. Our own stand under `''`. */
export interface LoadedModules {
  readonly nest: Readonly<Record<string, number>>;
  readonly withEntry: Readonly<Record<string, number>>;
}

let loaded: Record<string, number> = {};
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (!url.startsWith('file:')) return;
  const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '';
  loaded[name] = (loaded[name] ?? 0) + 1;
});

const build = buildInArgs();
session.post('Debugger.enable');
// Scripts that were there before are the benchmark's own.
loaded = {};
await loadNest(build);
const nest = { ...loaded };
await loadEntry(build);
report({ nest, withEntry: loaded } satisfies LoadedModules);
