import { readFileSync } from 'node:fs';

/** The version in the package's own `package.json`, which is as far above the sources as above the build. */
export function ownVersion(): string {
  for (const folder of ['../..', '../../..']) {
    const version = versionIn(new URL(`${folder}/package.json`, import.meta.url));
    if (version !== undefined) return version;
  }
  return 'unknown';
}

function versionIn(file: URL): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly name?: string;
      readonly version?: string;
    };
    return name === 'nestjs-wix-auth' ? version : undefined;
  } catch {
    return undefined;
  }
}
