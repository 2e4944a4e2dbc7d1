// Looks at the built manual (`npm run docs`): every link leads to a page and every anchor to a heading.
// With `--browser`, Chromium opens each page, light and dark: axe-core finds nothing, and at 375 px nothing scrolls
// sideways. That takes a minute: part of .ci/nightly. `--shots` saves pictures of each page for a person to look at.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkInBrowser } from './site/in-browser.mjs';
import { deadLinks } from './site/dead-links.mjs';
import { root } from './run.mjs';

const site = join(root, '.tmp/docs');
const flags = new Set(process.argv.slice(2));

/** The pages of the manual, without the reference that TypeDoc makes (and checks). */
const pages = readdirSync(site, { recursive: true })
  .filter((name) => name.endsWith('.html') && !name.startsWith('api/') && name !== '404.html')
  .map((name) => ({ name, html: readFileSync(join(site, name), 'utf8') }));

const found = deadLinks(site, pages);
if (flags.has('--browser')) found.push(...(await checkInBrowser(site, pages, { shots: flags.has('--shots') })));
for (const line of found) console.error(line);
console.log(
  `${pages.length} pages of the manual: ${found.length === 0 ? 'nothing to mend' : `${found.length} problems`}.`,
);
process.exit(found.length === 0 ? 0 : 1);
