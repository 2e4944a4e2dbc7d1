import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What npm would publish, in bytes. */
export interface PackageSize {
  readonly packed: number;
  readonly unpacked: number;
}

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const CONSOLE = 'dist/console/';

/** The size of a built package: all of it, and without the pages of the emulator's console. */
export function packageSizes(folder: string): { readonly whole: PackageSize; readonly withoutConsole: PackageSize } {
  const whole = packed(folder);
  const kept = whole.files.map(({ path }) => path).filter((path) => !path.startsWith(CONSOLE));
  return { whole: sizeOf(whole), withoutConsole: sizeOf(packedFrom(folder, kept)) };
}

const sizeOf = ({ size, unpackedSize }: Packed): PackageSize => ({ packed: size, unpacked: unpackedSize });

function packedFrom(folder: string, files: readonly string[]): Packed {
  const copy = mkdtempSync(join(tmpdir(), 'package-size-'));
  try {
    for (const file of files) cpSync(join(folder, file), join(copy, file));
    writeFileSync(join(copy, 'package.json'), withoutFiles(readFileSync(join(folder, 'package.json'), 'utf8')));
    return packed(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function withoutFiles(manifest: string): string {
  const { files: _files, ...rest } = JSON.parse(manifest) as { readonly files?: unknown };
  return JSON.stringify(rest, null, 2);
}

function packed(folder: string): Packed {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [only] = JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8' })) as readonly [Packed];
  return only;
}

/** How much disk an installed package takes with everything it depends on, in bytes. */
export function installedBytes(nodeModules: string, name: string): number {
  const names = new Set<string>();
  const add = (one: string): void => {
    if (names.has(one) || !existsSync(join(nodeModules, one))) return;
    names.add(one);
    dependenciesOf(join(nodeModules, one)).forEach(add);
  };
  add(name);
  return [...names].reduce((sum, one) => sum + bytesIn(join(nodeModules, one)), 0);
}

function dependenciesOf(folder: string): string[] {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  return Object.keys({ ...dependencies, ...optionalDependencies });
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
