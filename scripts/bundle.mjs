// A file for each folder instead of one for each class: a process that imports the package loads 20 files, not 300.
// Names, order and documentation comments stay, so that what is installed can still be read and stepped through.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { rolldown } from 'rolldown';

const ROOMS = 'rooms';
const STATIC_IMPORT = /^(?:import|export)\s(?:[^'"()]*?\sfrom\s)?['"](\.[^'"]+\.js)['"]/gm;

/**
 * Bundles compiled ES modules.
 *
 * @param from the folder of the compiled files.
 * @param entries the files that others import, without `.js`; they stay where they are.
 * @returns what to write, by file name.
 */
export async function bundled(from, entries, format) {
  const input = Object.fromEntries(entries.map((entry) => [entry, join(from, `${entry}.js`)]));
  const isEntry = (file) => Object.values(input).includes(file);
  const eager = staticallyImported(Object.values(input)).filter((file) => !isEntry(file));
  const bundle = await rolldown({
    input,
    external: isPackage,
    platform: 'node',
    treeshake: false,
    preserveEntrySignatures: 'allow-extension',
    logLevel: 'warn',
  });
  const { output } = await bundle.generate({
    format,
    exports: 'named',
    esModule: true,
    keepNames: true,
    dynamicImportInCjs: false,
    entryFileNames: '[name].js',
    chunkFileNames: `${ROOMS}/[name].js`,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: 'rooms', name: (file) => (eager.includes(file) ? roomOf(relative(from, file)) : null) }],
    },
  });
  await bundle.close();
  return output.map(({ fileName, code }) => ({ fileName, code }));
}

/** Puts a bundle in the place of the JavaScript in a folder. Its types stay. */
export function replaceScripts(folder, files) {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (file.endsWith('.js')) rmSync(join(folder, file));
  }
  for (const { fileName, code } of files) {
    mkdirSync(dirname(join(folder, fileName)), { recursive: true });
    writeFileSync(join(folder, fileName), code);
  }
}

const isPackage = (specifier) => !specifier.startsWith('.') && !specifier.startsWith('/');

const roomOf = (path) => (path.includes('/') ? path.split('/', 1)[0] : 'module');

// What is imported later, such as the check of options, must not come along with its room.
function staticallyImported(entries) {
  const found = new Set();
  const pending = [...entries];
  // The list grows while it is read.
  for (const file of pending) {
    if (found.has(file)) continue;
    found.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT))
      pending.push(resolve(dirname(file), path));
  }
  return [...found];
}
