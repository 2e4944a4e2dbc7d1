/** A command to try, and what it answers. */
export interface CurlLine {
  readonly who: string;
  readonly command: string;
  readonly status: number;
  readonly says: string;
}

const PRODUCT = `-H 'content-type: application/json' -d '{"name":"Tulips","price":9}'`;

/**
 * Ready-to-paste commands. Credentials are read from the header files in `folder`, so that none of them stays on the
 * screen or in the shell's history.
 */
export function curlLines(url: string, folder: string): readonly CurlLine[] {
  const curl = (who: string, rest: string): string => `curl -i -H @${folder}/${who} ${rest}`;
  const create = `${PRODUCT} ${url}/products`;
  return [
    { who: 'The owner creates a product', command: curl('owner', create), status: 201, says: '"product"' },
    { who: 'A catalog manager does', command: curl('manager', create), status: 201, says: '"product"' },
    {
      who: 'A support agent may not (the guard says so)',
      command: curl('agent', create),
      status: 403,
      says: 'WIX_SCOPE_MISSING',
    },
    {
      who: 'The same where the route names no scope (Wix says so)',
      command: curl('agent', `${create}/without-scope`),
      status: 403,
      says: 'WIX_API_ERROR',
    },
    { who: 'A visitor sees the products', command: curl('visitor', `${url}/products`), status: 200, says: 'Roses' },
    {
      who: "The same by Wix's SDK",
      command: curl('visitor', `${url}/products/names`),
      status: 200,
      says: 'Roses',
    },
    {
      who: 'A visitor may not create any',
      command: curl('visitor', create),
      status: 403,
      says: 'WIX_IDENTITY_NOT_ALLOWED',
    },
    {
      who: "The app's own server",
      command: curl('own-server', `${url}/installation`),
      status: 200,
      says: '"installedAt"',
    },
    {
      who: "Another app's token",
      command: curl('another-app', `${url}/products`),
      status: 401,
      says: 'WIX_CREDENTIALS_WRONG_APP',
    },
    {
      who: 'An expired token',
      command: curl('expired', `${url}/products`),
      status: 401,
      says: 'WIX_CREDENTIALS_EXPIRED',
    },
    {
      who: 'No token',
      command: `curl -i ${url}/products`,
      status: 401,
      says: 'WIX_CREDENTIALS_MISSING',
    },
    {
      who: 'The dashboard page, opened by Wix',
      command: `curl -i -G --data-urlencode instance@${folder}/signed-instance ${url}/dashboard`,
      status: 200,
      says: 'the owner of this site',
    },
    { who: 'Anyone', command: `curl -i ${url}/health`, status: 200, says: '"up"' },
    {
      who: 'Prometheus (what was refused above also stands in lines of the log, by the audit)',
      command: `curl -i ${url}/metrics`,
      status: 200,
      says: 'wix_auth_decisions_total',
    },
  ];
}
