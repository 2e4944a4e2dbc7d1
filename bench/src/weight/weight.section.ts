import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { markdownTable } from '../report/markdown-table.js';
import type { Section } from '../section.js';
import type { Build, Format } from './build.js';
import { loadedModules, measuredBuilds, type Times } from './measured-builds.js';
import { installedBytes, packageSizes } from './package-size.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FORMATS: readonly Format[] = ['esm', 'cjs'];
// What only those load who use it, or whose options are being checked.
const LOADED_LATE = ['class-validator', 'lmdb'];

/** What the package weighs: to import, to start, to download. With `--before`, side by side with another build of it. */
export const weightSection: Section = ({ cores, starts, before }) => {
  const folders = before === undefined ? [ROOT] : [ROOT, resolve(before)];
  const builds = folders.flatMap((folder) => FORMATS.map((format) => ({ format, folder })));
  const times = measuredBuilds(builds, starts, cores);
  const text = [timesTable(builds, times), modulesTable(builds), sizesTable(folders), loadedLate()].join('\n\n');
  return Promise.resolve(text);
};

const nameOf = ({ format, folder }: Build): string => `${folder === ROOT ? 'now' : 'before'}, ${format}`;

function timesTable(builds: readonly Build[], times: ReadonlyMap<Build, Times>): string {
  const row = (label: string, of: (times: Times) => string): string[] => [
    label,
    ...builds.map((build) => of(times.get(build) ?? missing(build))),
  ];
  return markdownTable(
    ['processor time', ...builds.map(nameOf)],
    [
      row('importing the main entry', ({ importMs }) => ms(importMs)),
      row('of that, after NestJS has been loaded', ({ entryMs }) => ms(entryMs)),
      row('what the module adds to the start', ({ startUpMs }) => ms(startUpMs)),
      row('and each further route', ({ routeMs }) => ms(routeMs, 3)),
    ],
  );
}

function modulesTable(builds: readonly Build[]): string {
  const counted = builds.map(countsOf);
  const names = [...new Set(counted.flatMap((counts) => Object.keys(counts)))].sort();
  const rows = names.map((name) => [name || 'nestjs-wix-auth', ...counted.map((counts) => String(counts[name] ?? 0))]);
  const sums = counted.map((counts) => String(Object.values(counts).reduce((sum, count) => sum + count, 0)));
  return markdownTable(
    ['files loaded beside those of NestJS', ...builds.map(nameOf)],
    [...rows, ['all of them', ...sums]],
  );
}

function countsOf(build: Build): Record<string, number> {
  const { nest, withEntry } = loadedModules(build);
  const added = Object.entries(withEntry).map(([name, count]) => [name, count - (nest[name] ?? 0)] as const);
  return Object.fromEntries(added.filter(([, count]) => count > 0));
}

function sizesTable(folders: readonly string[]): string {
  const rows = folders.map((folder) => {
    const { whole, withoutConsole } = packageSizes(folder);
    const sizes = [withoutConsole.packed, withoutConsole.unpacked, whole.packed, whole.unpacked];
    return [folder === ROOT ? 'now' : 'before', ...sizes.map(megabytes)];
  });
  return markdownTable(['the package', 'packed, without console', 'unpacked', 'packed', 'unpacked'], rows);
}

const loadedLate = (): string =>
  markdownTable(
    ['loaded only when it is needed', 'installed, with what it brings'],
    LOADED_LATE.map((name) => [name, megabytes(installedBytes(`${ROOT}node_modules`, name))]),
  );

const ms = (value: number, digits = 0): string => `${value.toFixed(digits)} ms`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

function missing(build: Build): never {
  throw new Error(`Nothing was measured of ${nameOf(build)}.`);
}
