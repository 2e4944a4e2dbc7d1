import { textAnswer, type Answer } from '../wire/answer.js';
import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedSite } from '../world/emulated-site.js';

/** A page of Wix, as far as an installation needs it. */
const wixPage = (status: number, title: string, body: string, note?: string): Answer =>
  textAnswer(
    status,
    'text/html; charset=utf-8',
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${escaped(title)} | Emulated Wix</title>` +
      `<style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`,
    note,
  );

/** A page that says what is wrong. */
export const errorPage = (message: string, note?: string): Answer =>
  wixPage(400, 'Something went wrong', `<p>${escaped(message)}</p>`, note);

/** The last page of custom authentication. */
export const donePage = ({ name }: EmulatedApp): Answer =>
  wixPage(200, 'Done', `<p>${escaped(name)} was added. This window closes itself.</p>`);

/** The page that asks the site owner. Its form comes back to the same path with the same fields, and `siteId`. */
export function consentPage(app: EmulatedApp, sites: readonly EmulatedSite[], query: Query): Answer {
  const fields = Object.entries(query).map(([name, value]) => hidden(name, value));
  const options = sites.map(({ siteId, name }) => `<option value="${escaped(siteId)}">${escaped(name)}</option>`);
  const scopes = app.scopes.map((scope) => `<li>${escaped(scope)}</li>`);
  return wixPage(
    200,
    `Add ${app.name} to your site`,
    `<form method="post">${fields.join('')}` +
      `<label>Site <select name="siteId">${options.join('')}</select></label>` +
      `<p>The app wants to:</p><ul>${scopes.join('') || '<li>nothing in particular</li>'}</ul>` +
      '<button type="submit">Agree &amp; Add</button></form>',
  );
}

type Query = Readonly<Record<string, string>>;

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`;

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;background:#f4f7fb;color:#162d3d}' +
  'main{background:#fff;border-radius:8px;margin:12vh auto;max-width:30em;padding:2em}' +
  'button{background:#116dff;border:0;border-radius:18px;color:#fff;font:inherit;padding:.4em 1.4em}';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
