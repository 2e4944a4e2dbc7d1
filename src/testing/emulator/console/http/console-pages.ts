import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the console's page. */
export interface PageFile {
  readonly contentType: string;
  readonly content: Buffer;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
};

/** The files of a folder by their path below it, such as `assets/index.js`. Read once: no path is made from a request. */
export function pageFiles(folder: string | undefined): ReadonlyMap<string, PageFile> {
  const paths = folder === undefined ? [] : filesIn(folder);
  const files = paths.map((path) => {
    const contentType = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
    return [path.replaceAll('\\', '/'), { contentType, content: readFileSync(join(folder ?? '', path)) }] as const;
  });
  return new Map([['index.html', NOT_BUILT], ...files]);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length));
  } catch {
    return [];
  }
}

const NOT_BUILT: PageFile = {
  contentType: 'text/html; charset=utf-8',
  content: Buffer.from(
    '<!doctype html><html lang="en"><title>Wix emulator</title><h1>Wix emulator</h1>' +
      '<p>This copy of the package has no console page. Its API answers under <code>/_emulator/api/</code>.</p></html>',
  ),
};
