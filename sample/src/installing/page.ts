interface Part {
  readonly text: string;
  readonly link?: { readonly to: string; readonly text: string };
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 12vh auto; max-width: 34em; padding: 0 1em; color: #2b2118; }
  h1 { font-size: 1.6em; }
  p { overflow-wrap: anywhere; }
  a { background: #b3261e; border-radius: 6px; color: #fff; display: inline-block; padding: .4em 1em; text-decoration: none; }`;

/** A plain page. */
export function page(title: string, parts: readonly Part[]): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(title)}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <h1>${escaped(title)}</h1>
    ${parts.map(paragraph).join('\n    ')}
  </body>
</html>`;
}

function paragraph({ text, link }: Part): string {
  const anchor = link === undefined ? '' : `<br><a href="${escaped(link.to)}">${escaped(link.text)}</a>`;
  return `<p>${escaped(text)}${anchor}</p>`;
}

// What a site is called comes from its owner.
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
