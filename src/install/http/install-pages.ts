import type { WixInstance } from '../../grants/instances/wix-instance.js';
import { installRefusalOf } from './install-refusal.js';
import type { WixInstallErrorCode } from '../install.errors.js';

/** The page for an installation that was refused. */
export const refusalPage = (code: WixInstallErrorCode, startUrl: string): string =>
  page('The installation could not be finished', [
    paragraph(installRefusalOf(code).text),
    `<p><a href="${escaped(startUrl)}">Start again</a></p>`,
    `<p class="code">${escaped(code)}</p>`,
  ]);

/** The page at the end of an installation that leads nowhere else. */
export const installedPage = ({ appName, site }: WixInstance): string =>
  page('The app is installed', [
    paragraph(`${appName ?? 'The app'} is now on ${site.displayName ?? 'your site'}. You can close this page.`),
  ]);

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:32em;padding:0 1em;color:#162d3d}' +
  'h1{font-size:1.4em}.code{color:#6b7b87;font:13px monospace}';

const page = (title: string, parts: readonly string[]): string =>
  '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">' +
  '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">' +
  `<title>${escaped(title)}</title><style>${STYLE}</style></head>` +
  `<body><h1>${escaped(title)}</h1>${parts.join('')}</body></html>`;

const paragraph = (text: string): string => `<p>${escaped(text)}</p>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
