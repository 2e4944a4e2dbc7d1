import { trustedInstanceId, WixGrantsService, WixHttpService, WixTokenService } from 'nestjs-wix-auth';
import type { EmulatorFault } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';

import { APP_SECRET, CanaryApp, PRODUCTS } from '../support/canary-app.js';
import { APP_INSTANCE, CONTRIBUTORS, TOKEN, TOKEN_INFO, type TestSite } from '../support/emulated-site.js';
import { platforms, type RunningApp } from '../support/running-app.js';

const encodingsOf = (text: string): string =>
  (['base64', 'base64url', 'hex'] as const).map((encoding) => Buffer.from(text).toString(encoding)).join(' ');

const wixError = (message: string, text: string): object => ({
  message,
  details: { applicationError: { code: text, description: `Bad "${text}"`, data: { text } } },
});

/** Answers of Wix, or of something before it, that repeat what they were sent; and none at all. */
const echoes: readonly ((text: string) => EmulatorFault)[] = [
  (text) => ({ status: 401, body: { error: 'invalid_client', error_description: `client_secret=${text} is wrong` } }),
  (text) => ({ status: 400, body: { error: text, error_description: encodingsOf(text) } }),
  (text) => ({ status: 400, body: wixError('long '.repeat(36) + text, text) }),
  (text) => ({ status: 404, body: { message: 'long '.repeat(396) + text } }),
  (text) => ({ status: 403, body: { message: encodeURIComponent(`{"token":"${text}"}`), details: {} } }),
  (text) => ({ status: 403, body: `<html><body>${text}</body></html>` }),
  (text) => ({ status: 200, body: { [text]: text, active: text, instance: text, contributors: text, error: text } }),
  (text) => ({ status: 200, body: `{"access_token":"${text}` }),
  (text) => ({ status: 429, headers: { 'retry-after': '9', 'x-echo': text }, body: { message: text } }),
  (text) => ({ status: 500, body: text }),
  (text) => ({ status: 307, headers: { location: `/emulator/echo?token=${text}` } }),
  (text) => ({ resetMidBody: true, body: { message: text } }),
  () => ({ reset: true }),
  () => ({ hang: true }),
];

describe.each(platforms)('A canary secret is not repeated when Wix echoes to an app on %s', (platform) => {
  let watched: CanaryApp;
  let running: RunningApp;

  beforeAll(async () => {
    watched = await CanaryApp.on(platform);
    running = await watched.start({ requestTimeoutMs: 100, calls: { timeoutMs: 100 } });
  });
  afterEach(() => {
    watched.wix.clearFaults();
    watched.wix.resetLog();
  });
  afterAll(async () => {
    await running.close();
    await watched.stop();
  });

  const get = (path: string, credential: string) => watched.get(`${running.url}/${path}`, credential);
  const tokens = () => running.app.get(WixTokenService, { strict: false });
  const grants = () => running.app.get(WixGrantsService, { strict: false });
  const calls = () => running.app.get(WixHttpService, { strict: false });
  const idOf = ({ install }: TestSite) => trustedInstanceId(install.instanceId);

  /** Lets a path fail in every way, each time for a site of its own, however often a busy machine is too late for it. */
  async function driveEach(
    path: string,
    attempt: (site: TestSite, failRepeating: (...credentials: string[]) => void) => Promise<unknown>,
    ways = echoes,
  ): Promise<void> {
    for (const echo of ways) {
      do await attempt(watched.site(), (...credentials) => watched.wix.fail(path, echo(credentials.join(' and '))));
      while (watched.wix.count(path) === 0);
      expect(watched.leaks()).toEqual([]);
      watched.wix.clearFaults();
      watched.wix.resetLog();
    }
  }

  /** The token the app has for a site, however long a busy machine takes to get it. */
  async function minted(site: TestSite): Promise<string> {
    const token = await tokens()
      .accessTokenFor(idOf(site))
      .catch(() => undefined);
    return token === undefined ? minted(site) : watched.canary.mark('token of the app', token.value);
  }

  it('the token under introspection', async () => {
    await driveEach(TOKEN_INFO, async ({ ownerToken }, failRepeating) => {
      const token = ownerToken();
      failRepeating(token);
      expect([401, 503]).toContain(await get('anyone', token));
    });
  });

  it('the app secret', async () => {
    await driveEach(TOKEN, async (site, failRepeating) => {
      failRepeating(APP_SECRET);
      expect([403, 502, 503]).toContain(await get('scoped', site.ownerToken()));
      await watched.canary.outcome(() => tokens().accessTokenFor(idOf(site), { forceRefresh: true }));
    });
  });

  it("the app's own token, when the grants are requested", async () => {
    await driveEach(APP_INSTANCE, async (site, failRepeating) => {
      failRepeating(await minted(site));
      expect([403, 503]).toContain(await get('scoped', site.ownerToken()));
      await watched.canary.outcome(() => grants().appGrants(idOf(site)));
    });
  });

  it("the app's own token, when a user's roles are requested", async () => {
    await driveEach(CONTRIBUTORS, async (site, failRepeating) => {
      failRepeating(await minted(site));
      expect([403, 503]).toContain(await get('scoped', site.userToken()));
    });
  });

  it("a caller's token and the app secret, when a token is exchanged", async () => {
    await driveEach(TOKEN, async ({ ownerToken }, failRepeating) => {
      const token = ownerToken();
      failRepeating(token, APP_SECRET);
      expect([403, 502, 503]).toContain(await get('on-behalf', token));
    });
  });

  it("the app's own token, when a handler calls Wix", async () => {
    // What Wix answers with success belongs to the handler, whatever it is, and so does what a redirect leads to.
    const failures = echoes.filter((echo) => (echo('').status ?? 500) >= 400);
    const attempt = async (site: TestSite, failRepeating: (...credentials: string[]) => void): Promise<void> => {
      failRepeating(await minted(site));
      await get('products', site.ownerToken());
      const client = calls().asInstance(idOf(site));
      await watched.canary.outcome(() => lastValueFrom(client.get(PRODUCTS)));
      await watched.canary.outcome(() => client.axiosRef.post(PRODUCTS, { name: 'Mug' }));
    };
    await driveEach(PRODUCTS, attempt, failures);
  });
});
