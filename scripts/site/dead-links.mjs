import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The manual's place on its host. */
export const BASE = '/nestjs-wix-auth/';

/** The dead links of pages within the site, one line each. */
export function deadLinks(site, pages) {
  const idsIn = new Map();
  const ids = (file) => {
    if (!idsIn.has(file)) idsIn.set(file, idsOf(readFileSync(file, 'utf8')));
    return idsIn.get(file);
  };
  return pages.flatMap(({ name, html }) =>
    linksIn(html, name)
      .filter((link) => !leadsSomewhere(site, link, ids))
      .map(({ pathname, hash }) => `${name}: ${pathname}${hash} leads nowhere`),
  );
}

function linksIn(html, name) {
  const here = `https://manual.test${BASE}${name}`;
  return [...html.matchAll(/<a\b[^>]*?\shref="([^"]+)"/g)]
    .map(([, href]) => new URL(href.replaceAll('&amp;', '&'), here))
    .filter(({ hostname }) => hostname === 'manual.test');
}

function leadsSomewhere(site, { pathname, hash }, ids) {
  const file = fileOf(site, pathname);
  return file !== undefined && (hash === '' || ids(file).has(decodeURIComponent(hash.slice(1))));
}

/** The file that is served at an address: clean addresses have no `.html`. */
export function fileOf(site, pathname) {
  if (!pathname.startsWith(BASE)) return undefined;
  const path = join(site, decodeURIComponent(pathname.slice(BASE.length)));
  return [path, `${path}.html`, join(path, 'index.html')].find((file) => /\.\w+$/.test(file) && existsSync(file));
}

const idsOf = (html) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
