import { WixEmulator, type EmulatedApp, type EmulatedSite, type EmulatorFault } from 'nestjs-wix-auth/testing';

import { Browser, type Page } from '../support/browser.js';
import { Canary } from '../support/canary.js';
import { startInstallApp, type InstallApp, type InstallAppOptions } from '../support/install-app.js';
import { platforms } from '../support/running-app.js';

const OTHER_ID = '12345678-1234-4234-8234-123456789012';
type Flow = 'external' | 'custom-authentication';

/** What an attacker does who wants to see a secret in a log, or what goes wrong by itself. */
interface Mishap {
  readonly what: string;
  readonly flows: readonly Flow[];
  readonly options?: InstallAppOptions;
  /** What Wix returns as `code`, in place of one it knows. */
  readonly code?: string;
  prepare?(scene: Scene): void;
}

interface Scene {
  readonly wix: WixEmulator;
  readonly app: EmulatedApp;
  readonly browser: Browser;
  readonly backend: InstallApp;
}

const BOTH: readonly Flow[] = ['external', 'custom-authentication'];
const EXTERNAL: readonly Flow[] = ['external'];
const CUSTOM: readonly Flow[] = ['custom-authentication'];

const withFault = (
  what: string,
  flows: readonly Flow[],
  faults: Partial<WixEmulator['installer']['faults']>,
): Mishap => ({
  what,
  flows,
  prepare: ({ wix }) => void Object.assign(wix.installer.faults, faults),
});

/** What Wix, or something before it, may answer: no answer, or one that repeats what it was sent. */
const answers = (sent: string): readonly EmulatorFault[] => [
  { status: 400, body: { error: sent, error_description: `code=${sent}` } },
  { status: 400, body: { error: 'invalid_client', error_description: `client_secret ${sent}` } },
  { status: 401, body: { message: `Bad ${sent}`, details: { applicationError: { code: sent, description: sent } } } },
  { status: 403, html: true },
  { status: 404, body: { message: sent } },
  { status: 429 },
  { status: 500, body: sent },
  { status: 500, body: { message: sent, error: sent } },
  { status: 200, body: { error: sent, error_description: sent } },
  { status: 307, headers: { location: `/elsewhere?code=${sent}` } },
  { malformed: true },
  { reset: true },
  { resetMidBody: true },
];

// The code may be too short to look like a credential by itself; nothing is known of its length.
const CODE = 'Aq9zK2mW7xT4bLpR';
const TOKEN = `OauthNG.JWS.${'Zk8vQ3'.repeat(12)}`;

const failing = (path: string, flows: readonly Flow[], sent: string): readonly Mishap[] =>
  answers(sent).map((fault) => ({
    what: `${path} answers ${JSON.stringify(fault).replaceAll(sent, '…')}`,
    flows,
    prepare: ({ wix }) => void wix.fail(path, fault),
  }));

const mishaps: readonly Mishap[] = [
  { what: 'nothing goes wrong', flows: BOTH },
  withFault('the state is dropped', BOTH, { state: 'dropped' }),
  withFault('the state is altered', BOTH, { state: 'altered' }),
  withFault('the state is replayed', BOTH, { state: 'replayed' }),
  withFault('the code is reused', CUSTOM, { code: 'reused' }),
  withFault('the code is too old', CUSTOM, { code: 'expired' }),
  withFault('the signed instance is absent', EXTERNAL, { signedInstance: 'absent' }),
  withFault('the signed instance is forged', EXTERNAL, { signedInstance: 'forged' }),
  withFault("the signed instance is another app's", EXTERNAL, { signedInstance: 'other-app' }),
  withFault('the signed instance is too old', EXTERNAL, { signedInstance: 'expired' }),
  withFault('the installation is another one', BOTH, { instanceId: OTHER_ID }),
  withFault('the instance id is none', BOTH, { instanceId: 'x' }),
  withFault('the app is another one', EXTERNAL, { appId: OTHER_ID }),
  ...['wix/install/callback', 'wix/install/redirect', 'wix/install/nowhere'].map((path): Mishap => ({
    what: `Wix returns to ${path}`,
    flows: BOTH,
    prepare: ({ wix, backend }) => void (wix.installer.faults.callbackUrl = `${backend.url}/${path}`),
  })),
  { what: 'cookies are blocked', flows: BOTH, prepare: ({ browser }) => void (browser.keepsCookies = false) },
  {
    what: 'the redirect URL is not registered',
    flows: CUSTOM,
    prepare: ({ app }) => void (app.redirectUrls = []),
  },
  {
    what: 'the hook fails',
    flows: BOTH,
    options: { hooks: () => Promise.reject(new Error('the database is away')) },
  },
  {
    what: 'the hook redirects to a foreign origin',
    flows: BOTH,
    options: { hooks: () => Promise.resolve({ redirectTo: 'https://evil.example/' }) },
  },
  ...failing('/oauth2/token', EXTERNAL, TOKEN),
  ...failing('/apps/v1/instance', BOTH, TOKEN),
  ...failing('/oauth/access', CUSTOM, CODE).map((mishap) => ({ ...mishap, code: CODE })),
  ...failing('/oauth2/token-info', CUSTOM, TOKEN),
];

const cases = mishaps.flatMap((mishap) => mishap.flows.map((flow) => [flow, mishap.what, mishap] as const));

describe.each(platforms)('The logs of installations on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let site: EmulatedSite;
  let browser: Browser;
  let backend: InstallApp | undefined;
  let canary: Canary;

  beforeEach(async () => {
    canary = new Canary();
    canary.listen();
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: ['SCOPE.DC.MANAGE-YOUR-APP'] });
    site = wix.addSite();
    browser = new Browser();
  });

  afterEach(async () => {
    await backend?.app.close();
    await wix.stop();
    canary.leave();
  });

  const start = async (options: InstallAppOptions = {}): Promise<InstallApp> => {
    const started = await startInstallApp(wix, app, {
      platform,
      ...options,
      auth: { requestTimeoutMs: 100 },
      install: { customAuthentication: true },
      configure: (nest) => nest.useLogger(canary.logs),
    });
    app.redirectUrls = [started.installs.addresses.redirectUrl];
    return started;
  };

  const walk = async (flow: Flow, { installs }: InstallApp, code?: string): Promise<Page> => {
    const market = wix.installer.openedFromMarket(app, installs.addresses.appUrl);
    const page = await browser.open(flow === 'external' ? installs.installUrl() : market);
    canary.mark('token of the App URL', new URL(market).searchParams.get('token') ?? '');
    const isAway = (url: string): boolean =>
      !url.startsWith('http://127.0.0.1') || (code !== undefined && url.includes('?code='));
    const end = await browser.submit(page, { siteId: site.siteId }, isAway);
    return code === undefined ? end : browser.open(end.url.replace(/\?code=\w+/, `?code=${code}`));
  };

  /** Everything that was secret on the way, as the emulator and the browser saw it. */
  function markSecrets(): void {
    canary.mark('the app secret', app.appSecret);
    canary.mark('what Wix repeats', CODE);
    canary.mark('what Wix repeats', TOKEN);
    for (const { searchParams } of wix.installer.callbacks) markQuery(searchParams);
    for (const cookie of browser.setCookies) canary.mark('cookie', /=([\w-]{16,})/.exec(cookie)?.[1] ?? app.appSecret);
    for (const { rawBody, headers, path, query } of wix.requests) {
      markQuery(new URLSearchParams(query));
      if (path.startsWith('/oauth')) markTokens(rawBody);
      const { authorization } = headers;
      if (typeof authorization === 'string') canary.mark('access token', authorization.slice(-40));
    }
  }

  function markQuery(query: URLSearchParams): void {
    for (const name of ['state', 'code', 'token', 'signedInstance', 'access_token']) {
      const value = query.get(name);
      if (value !== null && value.length > 20) canary.mark(name, value.slice(-40));
    }
  }

  function markTokens(body: string): void {
    for (const [, token = ''] of body.matchAll(/"(?:refresh_token|token|access_token)":"([^"]{20,})"/g)) {
      canary.mark('token', token.slice(-40));
    }
  }

  it.each(cases)('contain no secret: %s, %s', async (flow, _what, { options, code, prepare }) => {
    backend = await start(options);
    // Leaves a state and a code behind that can be used again.
    if (prepare !== undefined) await walk(flow, backend);
    prepare?.({ wix, app, browser, backend });
    const page = await walk(flow, backend, code);
    canary.observe(page.status);
    markSecrets();
    expect(canary.leaks()).toEqual([]);
  });

  it('would reveal one to this test', async () => {
    await walk('custom-authentication', (backend = await start()));
    markSecrets();
    canary.logs.warn(wix.installer.callbacks.at(-1)?.href);
    expect(canary.leaks()).toEqual([expect.stringMatching(/^code /), expect.stringMatching(/^state /)]);
  });
});
