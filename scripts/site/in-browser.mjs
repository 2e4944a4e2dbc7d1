import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import axe from 'axe-core';
import { build } from 'esbuild';

import { root } from '../run.mjs';
import { BASE, fileOf } from './dead-links.mjs';

const PHONE = { width: 375, height: 812 };
const DESK = { width: 1280, height: 900 };

/** What is wrong with pages in the browser, one line each. */
export async function checkInBrowser(site, pages, { shots }) {
  const { url, server } = await serve(site);
  const window = await openWindow();
  const found = [];
  try {
    for (const { name } of pages) found.push(...(await checkPage(window, url, name, shots)));
  } finally {
    await window.close();
    server.close();
  }
  return found;
}

async function checkPage({ page, shot }, url, name, shots) {
  const address = url + name.replace(/(index)?\.html$/, '');
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(DESK);
    await page.goto(address);
    await page.waitForFunction(isReady);
    found.push(...(await violations(page, colorScheme)).map((line) => `${name} (${colorScheme}): ${line}`));
    if (shots) await shot(`${shotName(name)}-${colorScheme}`);
    await page.setViewportSize(PHONE);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > PHONE.width) found.push(`${name} (${colorScheme}): is ${width} px wide on a phone`);
    if (shots) await shot(`${shotName(name)}-${colorScheme}-phone`);
  }
  return found;
}

// Drawings are made in the browser; the switch of colors gets its name there.
const isReady = () =>
  document.querySelector('.VPSwitchAppearance')?.title !== '' &&
  [...document.querySelectorAll('.mermaid')].every((drawing) => drawing.querySelector('svg'));

const shotName = (name) => `docs-${name.replace(/\.html$/, '').replaceAll('/', '-')}`;

async function violations(page, colorScheme) {
  await page.addScriptTag({ content: axe.source });
  // In the dark, colors are all that differs.
  const options = colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
  const { violations: broken } = await page.evaluate((chosen) => globalThis.axe.run(chosen), options);
  return broken.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} at ${target.join(' ')}`));
}

/** The window of the tests, which are TypeScript. */
async function openWindow() {
  const outfile = join(root, '.tmp/chromium.mjs');
  const entryPoints = [join(root, 'test/support/chromium.ts')];
  await build({ entryPoints, outfile, bundle: true, packages: 'external', format: 'esm', platform: 'node' });
  const { openChromium } = await import(pathToFileURL(outfile).href);
  return openChromium({ cookies: 'kept' });
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

async function serve(site) {
  const server = createServer(({ url = '' }, response) => {
    const file = fileOf(site, new URL(url, 'http://localhost').pathname);
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}${BASE}` };
}
