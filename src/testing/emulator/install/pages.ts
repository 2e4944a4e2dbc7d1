import { textAnswer, type Answer } from '../wire/answer.js';
import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedSite } from '../world/emulated-site.js';

/** A page of Wix, as far as an installation needs it. */
const wixPage = (status: number, title: string, body: string, note?: string): Answer =>
  textAnswer(
    status,
    'text/html; charset=utf-8',
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${escaped(title)} | Emulated Wix</title>` +
      `<style>${STYLE}</style></head><body><main><header>Emulated Wix</header><h1>${escaped(title)}</h1>${body}</main></body></html>`,
    note,
  );

/** A page that says what is wrong. */
export const errorPage = (message: string, note?: string): Answer =>
  wixPage(400, 'Something went wrong', `<p>${escaped(message)}</p>`, note);

/** The last page of custom authentication. */
export const donePage = ({ name }: EmulatedApp): Answer =>
  wixPage(200, 'Done', `<p>${escaped(name)} was added. This window closes itself.</p>`);

/** The app's page in the App Market, with a button for each way it can be installed. */
export function marketPage({ name }: EmulatedApp, { websiteUrl, appUrl }: MarketLinks): Answer {
  const ways = [
    ...way('External install flow: goes on at the website of the app.', websiteUrl),
    ...way('Custom authentication: opens the App URL with a token.', appUrl),
  ];
  return wixPage(
    200,
    name,
    ways.join('') || '<p>This app has neither a websiteUrl nor an appUrl to be added from.</p>',
  );
}

/** The addresses of the buttons; without an address there is no button. */
export interface MarketLinks {
  readonly websiteUrl: string | undefined;
  readonly appUrl: string | undefined;
}

const way = (text: string, url: string | undefined): readonly string[] =>
  url === undefined
    ? []
    : [`<section><p>${escaped(text)}</p><a class="button" href="${escaped(url)}">Add to Site</a></section>`];

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
  'header{color:#5d7082;font-size:.85em}' +
  'main{background:#fff;border-radius:8px;margin:10vh auto;max-width:30em;overflow-wrap:anywhere;padding:1.5em 2em 2em}h1{font-size:1.5em}' +
  'section{border-top:1px solid #dfe5eb;padding-bottom:1.5em}section:last-child{padding-bottom:0}' +
  'select{font:inherit;margin-left:.5em;padding:.3em}' +
  'button,.button{background:#116dff;border:0;border-radius:18px;color:#fff;display:inline-block;font:inherit;' +
  'padding:.4em 1.4em;text-decoration:none}';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
