import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version in the package's own `package.json`. */
export const ownVersion = (): string => ownPackage()?.version ?? 'unknown';

/** A file or folder of the package, by its path from the top. */
export const ownPath = (path: string): string => join(ownPackage()?.folder ?? '.', path);

interface OwnPackage {
  readonly folder: string;
  readonly version: string | undefined;
}

// Two folders above this one in the sources, three in the build.
function ownPackage(): OwnPackage | undefined {
  for (const path of ['../..', '../../..']) {
    const folder = fileURLToPath(new URL(path, import.meta.url));
    const manifest = manifestIn(join(folder, 'package.json'));
    if (manifest?.name === 'nestjs-wix-auth') return { folder, version: manifest.version };
  }
  return undefined;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

function manifestIn(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}
