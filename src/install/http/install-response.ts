/** An answer to a browser. */
export interface InstallResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
}

const COMMON = {
  'cache-control': 'no-store',
  // The address holds a state, and may hold a code.
  'referrer-policy': 'no-referrer',
  // Wix opens these pages in windows and frames of its own, and needs to see them close.
  'cross-origin-opener-policy': 'unsafe-none',
} as const;

const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The same, shown in frames of these origins and of no other. */
export const framedBy = (response: InstallResponse, origins: readonly string[]): InstallResponse => ({
  ...response,
  headers: {
    ...response.headers,
    'content-security-policy': `${CONTENT_POLICY}; frame-ancestors ${["'self'", ...origins].join(' ')}`,
  },
});

/** Refuses every method but GET. */
export const methodNotAllowed = (): InstallResponse => ({
  status: 405,
  headers: { ...COMMON, allow: 'GET' },
  cookies: [],
  body: '',
});

/** Sends the browser on. */
export const redirectTo = (location: string, cookies: readonly string[] = []): InstallResponse => ({
  status: 302,
  headers: { ...COMMON, location },
  cookies,
  body: '',
});

/** Shows a page. */
export const pageResponse = (status: number, body: string, cookies: readonly string[] = []): InstallResponse => ({
  status,
  headers: { ...COMMON, 'content-type': 'text/html; charset=utf-8' },
  cookies,
  body,
});
