// A lock file written where a registry offers only some platforms lacks the optional binaries of the others, and then
// `npm ci` refuses it everywhere. It may also name the registry it was made with. This fails on both; with --fix it
// adds the first (without a checksum: npm adds that where it can download them) and drops the second.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const packages = lock.packages;

const platforms = {
  os: ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'],
  cpu: ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'],
};

/** `@swc/core-linux-arm64-musl` → `{ os: ['linux'], cpu: ['arm64'] }`, npm's fields for where it may be installed. */
const platformOf = (name) =>
  Object.fromEntries(
    Object.entries(platforms).map(([field, known]) => [
      field,
      name.split(/[-/]/).filter((word) => known.includes(word)),
    ]),
  );

const isLocked = (from, name) => {
  const parts = from.split('/node_modules/');
  return parts.some((_, depth) => packages[[...parts.slice(0, depth + 1), name].join('/node_modules/')] !== undefined);
};

const unlocked = Object.entries(packages).flatMap(([from, { optionalDependencies = {}, dev }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => packages[`node_modules/${name}`] === undefined && !isLocked(from, name))
    .map(([name, version]) => ({ name, entry: { version, dev, optional: true, ...platformOf(name) } })),
);
const addressed = Object.values(packages).filter(({ resolved }) => /^https?:/.test(resolved ?? ''));

if (process.argv.includes('--fix')) {
  for (const { name, entry } of unlocked) packages[`node_modules/${name}`] = entry;
  for (const entry of addressed) delete entry.resolved;
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
} else if (unlocked.length + addressed.length > 0) {
  const names = unlocked.map(({ name }) => name).join(', ');
  console.error(`package-lock.json lacks ${names || 'nothing'} and names a registry ${addressed.length} times.`);
  console.error('Run `node scripts/lock-file.mjs --fix`.');
  process.exitCode = 1;
}
