import { VersioningType } from '@nestjs/common';
import { trustedInstanceId, WixTokenService } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedSite } from 'nestjs-wix-auth/testing';

import { Browser, type Page } from '../support/browser.js';
import { codeOf } from '../support/code-of.js';
import { startInstallApp, type InstallApp, type InstallAppOptions } from '../support/install-app.js';
import { RecordedTraces } from '../support/recorded-traces.js';
import { platforms } from '../support/running-app.js';

const OTHER_ID = '12345678-1234-4234-8234-123456789012';
const SCOPES = ['SCOPE.DC.MANAGE-YOUR-APP'];

describe.each(platforms)('Installing by the external install flow on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let site: EmulatedSite;
  let browser: Browser;
  const running: InstallApp[] = [];

  beforeEach(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp({ scopes: SCOPES });
    site = wix.addSite({ name: 'Cup & Saucer' });
    browser = new Browser();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ app: nest }) => nest.close()));
    await wix.stop();
  });

  const start = async (options: InstallAppOptions = {}): Promise<InstallApp> => {
    const started = await startInstallApp(wix, app, { platform, ...options });
    running.push(started);
    return started;
  };

  const consent = (backend: InstallApp, returnTo = '/welcome'): Promise<Page> =>
    browser.open(backend.installs.installUrl({ returnTo }));

  const install = async (backend: InstallApp, returnTo?: string): Promise<Page> =>
    browser.submit(await consent(backend, returnTo), { siteId: site.siteId }, (url) => url.includes('/welcome'));

  const refusal = async (backend: InstallApp): Promise<{ status: number; code: string | undefined }> => {
    const { status, html } = await install(backend);
    return { status, code: /WIX_INSTALL_\w+/.exec(html)?.[0] };
  };

  it('leads from the link to the requested page, and tells the app who installed where', async () => {
    const backend = await start();
    const page = await install(backend);

    expect(page.url).toBe(`${backend.url}/welcome`);
    const [told] = backend.told;
    expect(told).toMatchObject({ flow: 'external', proven: true, returnTo: '/welcome' });
    expect(told?.user).toMatchObject({ type: 'user', userId: site.owner.userId, isSiteOwner: true });
    expect(told?.instance.site).toMatchObject({ siteId: site.siteId, displayName: 'Cup & Saucer' });
    expect(told?.instance.permissions).toEqual(SCOPES);
  });

  it('publishes each step and its result on its channel', async () => {
    const traces = new RecordedTraces();
    const backend = await start();
    await install(backend);
    const flow = { appId: app.appId, flow: 'external' };
    const done = { ...flow, outcome: 'success', instanceId: backend.told[0]?.instanceId, isProven: true };
    expect(traces.over('install')).toMatchObject([
      { ...flow, step: 'start', outcome: 'success' },
      { ...done, step: 'hook' },
      { ...done, step: 'callback' },
    ]);
    traces.clear();
    await fetch(`${backend.url}/wix/install/callback?state=forged`);
    const failing = await start({ hooks: () => Promise.reject(new Error('no room for user@example.com')) });
    await install(failing);
    traces.stop();
    expect(traces.over('install')).toMatchObject([
      { ...flow, step: 'callback', outcome: 'refused', code: 'WIX_INSTALL_STATE_REJECTED' },
      { ...flow, step: 'start', outcome: 'success' },
      { ...flow, step: 'hook', outcome: 'failed', code: 'Error', isProven: true },
      { ...flow, step: 'callback', outcome: 'failed', code: 'WIX_INSTALL_HOOK_FAILED', isProven: true },
    ]);
    expect(JSON.stringify(traces.all)).not.toMatch(/forged|example\.com/);
  });

  it('gives the browser a cookie for this host alone, and removes it at the end', async () => {
    const backend = await start();
    await install(backend);
    const [given, taken] = browser.setCookies;
    expect(given).toMatch(
      /^__Host-wix-install-[\w-]{12}=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(taken).toMatch(/^__Host-wix-install-[\w-]{12}=; Max-Age=0; Path=\/; /);
  });

  it('gives a framed page a cookie of the frame', async () => {
    const backend = await start();
    browser.headers['sec-fetch-dest'] = 'iframe';
    await consent(backend);
    expect(browser.setCookies[0]).toMatch(/; Secure; Partitioned; SameSite=None$/);
  });

  it('asks Wix to redirect to the public URL, whatever host the request named', async () => {
    const backend = await start({ install: { publicUrl: 'https://app.example.com/backend/' } });
    const response = await fetch(`${backend.url}/wix/install`, {
      redirect: 'manual',
      headers: { 'x-forwarded-host': 'evil.example' },
    });
    const location = new URL(response.headers.get('location') ?? '');
    const callback = new URL(location.searchParams.get('postInstallationUrl') ?? '');
    expect(callback.origin + callback.pathname).toBe('https://app.example.com/backend/wix/install/callback');
    expect(location.searchParams.get('appId')).toBe(app.appId);
  });

  it('passes on a share URL id', async () => {
    const backend = await start();
    const { via } = await browser.open(backend.installs.installUrl({ shareUrlId: 'share-1' }));
    expect(new URL(via[1] ?? '').searchParams.get('shareUrlId')).toBe('share-1');
  });

  it('is mounted under the global prefix, and without versions', async () => {
    const backend = await start({
      install: { path: 'add-to-wix' },
      configure: (nest) => {
        nest.setGlobalPrefix('api');
        nest.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
      },
    });
    expect(backend.installs.addresses.callbackUrl).toBe(`${backend.url}/api/add-to-wix/callback`);
    expect((await install(backend)).url).toBe(`${backend.url}/welcome`);
  });

  it('discards the cached answer that Wix did not know the installation', async () => {
    const backend = await start();
    const known = wix.install(app, site, { grants: SCOPES });
    known.remove();
    await backend.installs.instanceOf(trustedInstanceId(known.instanceId)).catch(() => undefined);
    expect((await install(backend)).url).toBe(`${backend.url}/welcome`);
  });

  describe('refuses', () => {
    it.each([
      ['a state that was dropped', { state: 'dropped' }, 'WIX_INSTALL_STATE_MISSING'],
      ['a state that was altered', { state: 'altered' }, 'WIX_INSTALL_STATE_REJECTED'],
      ['no signed instance', { signedInstance: 'absent' }, 'WIX_INSTALL_SIGNATURE_MISSING'],
      ['a forged signed instance', { signedInstance: 'forged' }, 'WIX_INSTALL_SIGNATURE_REJECTED'],
      ['an old signed instance', { signedInstance: 'expired' }, 'WIX_INSTALL_SIGNATURE_EXPIRED'],
      ['a signed instance of another app', { signedInstance: 'other-app' }, 'WIX_INSTALL_SIGNATURE_WRONG_APP'],
      ['a signed instance of a visitor', { signedInstance: 'of-visitor' }, 'WIX_INSTALL_SIGNATURE_OF_VISITOR'],
      ['a signed instance of a site member', { signedInstance: 'of-member' }, 'WIX_INSTALL_SIGNATURE_OF_VISITOR'],
      ['a signed instance of a collaborator', { signedInstance: 'of-collaborator' }, 'WIX_INSTALL_SIGNATURE_NOT_OWNER'],
      ['a signed instance from before the start', { signedInstance: 'earlier' }, 'WIX_INSTALL_SIGNATURE_EXPIRED'],
      ['another installation than was signed', { instanceId: OTHER_ID }, 'WIX_INSTALL_MISMATCH'],
      ['another site than the installation is on', { tenantId: OTHER_ID }, 'WIX_INSTALL_MISMATCH'],
      ['another app', { appId: OTHER_ID }, 'WIX_INSTALL_WRONG_APP'],
      ['an instance id that is none', { instanceId: 'x' }, 'WIX_INSTALL_QUERY_MALFORMED'],
    ] as const)('%s', async (_what, faults, code) => {
      const backend = await start();
      Object.assign(wix.installer.faults, faults);
      expect(await refusal(backend)).toEqual({ status: 400, code });
      expect(backend.told).toEqual([]);
      // Without a token of the installation, none can be stored. Only Wix can tell which site it is on.
      expect(wix.count('/oauth2/token')).toBe('tenantId' in faults ? 1 : 0);
      expectNoSecretsIn(backend);
    });

    it('a callback of the other flow', async () => {
      const backend = await start({ install: { customAuthentication: true } });
      wix.installer.faults.callbackUrl = backend.installs.addresses.redirectUrl;
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_WRONG_CALLBACK' });
      expect(backend.told).toEqual([]);
    });

    it('a state that was used before', async () => {
      const backend = await start();
      await install(backend);
      wix.installer.faults.state = 'replayed';
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_STATE_USED' });
      expect(backend.told).toHaveLength(1);
    });

    it('a signed instance that was used before, in another installation', async () => {
      const backend = await start();
      await install(backend);
      wix.installer.faults.signedInstance = 'replayed';
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_SIGNATURE_USED' });
      expect(backend.told).toHaveLength(1);
    });

    it('a callback that is opened twice, even with the cookie', async () => {
      const backend = await start();
      const cookie = await cookieOf(backend);
      const open = (): Promise<Response> => fetch(lastCallback(), { headers: { cookie }, redirect: 'manual' });
      const [first, second] = await Promise.all([open(), open()]);
      expect([first.status, second.status].sort()).toEqual([302, 400]);
      expect(await (first.status === 400 ? first : second).text()).toContain('WIX_INSTALL_STATE_USED');
      expect(backend.told).toHaveLength(1);
    });

    it('a browser that does not store cookies, on a page and not in a loop', async () => {
      const backend = await start();
      browser.keepsCookies = false;
      const page = await install(backend);
      expect(page.html).toContain('WIX_INSTALL_COOKIE_MISSING');
      expect(page.html).toContain('Allow cookies');
      expect(page.via).toHaveLength(2);
      expect(backend.told).toEqual([]);
    });

    it('a browser in which the installation did not start', async () => {
      const backend = await start();
      const page = await consent(backend);
      browser = new Browser();
      await consent(backend);
      const landed = await browser.submit(page, { siteId: site.siteId });
      expect(landed.html).toContain('WIX_INSTALL_COOKIE_MISSING');
    });

    it('a state of another app in the same process', async () => {
      const backend = await start();
      const other = await startInstallApp(wix, wix.addApp(), { platform, install: { path: 'other' } });
      running.push(other);
      wix.installer.faults.callbackUrl = `${other.url}/other/callback`;
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_STATE_REJECTED' });
    });

    it('a parameter that appears twice', async () => {
      const backend = await start();
      const cookie = await cookieOf(backend);
      const callback = lastCallback();
      callback.searchParams.append('instanceId', OTHER_ID);
      const answer = await fetch(callback, { headers: { cookie }, redirect: 'manual' });
      expect(await answer.text()).toContain('WIX_INSTALL_QUERY_MALFORMED');
    });

    it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', 'welcome'])(
      'to return to %s',
      async (returnTo) => {
        const backend = await start();
        expect(await codeOf(() => backend.installs.installUrl({ returnTo }))).toBe('WIX_INSTALL_RETURN_TO_REFUSED');
        const page = await browser.open(`${backend.url}/wix/install?returnTo=${encodeURIComponent(returnTo)}`);
        expect(page.html).toContain('WIX_INSTALL_RETURN_TO_REFUSED');
      },
    );
  });

  it('answers 503 when Wix is unavailable, and allows a reload', async () => {
    const backend = await start();
    const outage = wix.fail('/apps/v1/instance', { status: 503 });
    const cookie = await cookieOf(backend);
    const open = (): Promise<Response> => fetch(lastCallback(), { headers: { cookie }, redirect: 'manual' });
    expect((await open()).status).toBe(503);
    outage.clear();
    expect((await open()).headers.get('location')).toBe(`${backend.url}/welcome`);
  });

  it('answers 500 when the app fails, and allows a reload', async () => {
    const failures = [new Error('the database is away')];
    const backend = await start({ hooks: () => Promise.reject(failures.pop() ?? new Error('none')) });
    const cookie = await cookieOf(backend);
    const answer = await fetch(lastCallback(), { headers: { cookie }, redirect: 'manual' });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('database');
    expect(backend.log.join('\n')).toContain('the database is away');
    await fetch(lastCallback(), { headers: { cookie }, redirect: 'manual' });
    expect(backend.told).toHaveLength(2);
  });

  it('consumes nothing for HEAD', async () => {
    const backend = await start();
    const cookie = await cookieOf(backend);
    const head = await fetch(lastCallback(), { method: 'HEAD', headers: { cookie } });
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET']);
    const answer = await fetch(lastCallback(), { headers: { cookie }, redirect: 'manual' });
    expect(answer.status).toBe(302);
  });

  describe('optional proofs', () => {
    it('makes an installation without signed instance one that proves no person', async () => {
      const backend = await start({ install: { signedInstance: 'optional' } });
      wix.installer.faults.signedInstance = 'absent';
      await install(backend);
      expect(backend.told).toMatchObject([{ proven: false, user: undefined }]);
    });

    it.each(['of-collaborator', 'of-visitor', 'of-member', 'earlier', 'expired'] as const)(
      'treats a signed instance that proves nothing (%s) as missing',
      async (signedInstance) => {
        const backend = await start({ install: { signedInstance: 'optional' } });
        wix.installer.faults.signedInstance = signedInstance;
        await install(backend);
        expect(backend.told).toMatchObject([{ proven: false, user: undefined }]);
      },
    );

    it('still refuses a signed instance that was used before', async () => {
      const backend = await start({ install: { signedInstance: 'optional' } });
      await install(backend);
      wix.installer.faults.signedInstance = 'replayed';
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_SIGNATURE_USED' });
    });

    it('requests an installation once when many name it without proof, and drops its cache once', async () => {
      const backend = await start({ install: { signedInstance: 'optional' } });
      const victim = wix.install(app, site, { grants: SCOPES });
      const tokens = backend.app.get(WixTokenService);
      wix.installer.faults.signedInstance = 'absent';
      await install(backend);
      const token = await tokens.accessTokenFor(trustedInstanceId(victim.instanceId));
      wix.resetLog();

      for (let count = 0; count < 5; count += 1) await install(backend);
      wix.installer.faults.tenantId = OTHER_ID;
      for (let count = 0; count < 3; count += 1) {
        expect((await refusal(backend)).code).toBe('WIX_INSTALL_MISMATCH');
      }
      expect([wix.count('/oauth2/token'), wix.count('/apps/v1/instance')]).toEqual([0, 0]);
      expect(await tokens.accessTokenFor(trustedInstanceId(victim.instanceId))).toBe(token);
    });

    it('still refuses a bad signed instance', async () => {
      const backend = await start({ install: { signedInstance: 'optional' } });
      wix.installer.faults.signedInstance = 'forged';
      expect(await refusal(backend)).toEqual({ status: 400, code: 'WIX_INSTALL_SIGNATURE_REJECTED' });
    });

    it('makes an installation without cookie one that proves no person', async () => {
      const backend = await start({ install: { cookie: 'optional' } });
      browser.keepsCookies = false;
      await install(backend);
      expect(backend.told).toMatchObject([{ proven: false, user: undefined }]);
    });
  });

  describe('onInstalled', () => {
    it('may redirect the browser and set its own session', async () => {
      const backend = await start({
        hooks: () => Promise.resolve({ redirectTo: '/welcome?own', setCookies: ['session=1; Path=/; HttpOnly'] }),
      });
      const page = await install(backend, '/other');
      expect(page.url).toBe(`${backend.url}/welcome?own`);
      expect(browser.setCookies).toContain('session=1; Path=/; HttpOnly');
    });

    it('may not redirect to an origin that was not configured', async () => {
      const backend = await start({ hooks: () => Promise.resolve({ redirectTo: 'https://evil.example/welcome' }) });
      expect(await refusal(backend)).toEqual({ status: 500, code: 'WIX_INSTALL_HOOK_FAILED' });
    });

    it('may redirect to a configured origin', async () => {
      const backend = await start({
        install: { redirectOrigins: ['https://app.example.com'] },
        hooks: () => Promise.resolve({ redirectTo: 'https://app.example.com/welcome' }),
      });
      expect((await install(backend)).url).toBe('https://app.example.com/welcome');
    });
  });

  it("ends on the library's own page when no other page was requested", async () => {
    const backend = await start();
    const page = await browser.submit(await browser.open(backend.installs.installUrl()), { siteId: site.siteId });
    expect(page.status).toBe(200);
    expect(page.html).toContain('is now on Cup &amp; Saucer');
  });

  it('hides addresses with a state from caches and referrers, and allows framing', async () => {
    const backend = await start({
      configure: (nest) => {
        if (platform === 'express') {
          nest.use(
            (_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
              response.setHeader('x-frame-options', 'DENY');
              next();
            },
          );
        }
      },
    });
    const { headers } = await fetch(`${backend.url}/wix/install/callback?state=x`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('unsafe-none');
    expect(headers.get('x-frame-options')).toBeNull();
    expect(headers.get('content-security-policy')).toContain(
      `frame-ancestors 'self' https://www.wix.com https://manage.wix.com https://editor.wix.com ${wix.url}`,
    );
  });

  it('tells Wix that the site has set the app up', async () => {
    const backend = await start();
    await install(backend);
    const [told] = backend.told;
    if (told === undefined) throw new Error('Nothing was installed.');
    await backend.installs.finishConfiguration(told);
    expect(wix.count('/apps/v1/bi-event')).toBe(1);
    expect(wix.requests.at(-1)?.body).toEqual({ eventName: 'APP_FINISHED_CONFIGURATION' });
  });

  const lastCallback = (): URL => {
    const callback = wix.installer.callbacks.at(-1);
    if (callback === undefined) throw new Error('Wix has sent no browser back.');
    return new URL(callback);
  };

  /** Walks to the callback without opening it. */
  async function cookieOf(backend: InstallApp): Promise<string> {
    await browser.submit(await consent(backend), { siteId: site.siteId }, (url) => url.includes('/callback'));
    const [cookie = ''] = browser.setCookies.at(-1)?.split(';') ?? [];
    return cookie;
  }

  function expectNoSecretsIn(backend: InstallApp): void {
    const query = [...(wix.installer.callbacks.at(-1)?.searchParams ?? [])];
    const secrets = query
      .filter(([name]) => ['state', 'signedInstance', 'code'].includes(name))
      .map(([, value]) => value);
    for (const secret of [...secrets, app.appSecret]) expect(backend.log.join('\n')).not.toContain(secret);
  }
});
