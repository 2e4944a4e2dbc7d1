import { WixEmulator, type EmulatedApp, type EmulatorFault } from 'nestjs-wix-auth/testing';

import {
  APP_INSTANCE,
  CONTRIBUTORS,
  MANAGE_CONTRIBUTORS,
  MANAGE_PRODUCTS,
  siteWith,
  TOKEN,
  TOKEN_INFO,
} from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { call, platforms, type Answer, type RunningApp } from '../support/running-app.js';
import { MANAGER, startStore } from '../support/store-app.js';

const SHORT_TIMEOUT_MS = 150;
// Far above the timeouts, and far below what a caller would wait for an answer that never comes.
const TIMEOUT_MS = 10_000;

type NamedFault = EmulatorFault & { readonly name: string };

/** What is worth another attempt while there is time. */
const passing: readonly NamedFault[] = [
  { name: 'too slow', delayMs: 4 * SHORT_TIMEOUT_MS },
  { name: 'silent', hang: true },
  { name: 'cutting connections', reset: true },
  { name: 'cutting answers in the middle', resetMidBody: true },
  { name: 'failing with 500', status: 500 },
  { name: 'unavailable (503) with HTML', status: 503, html: true },
  { name: 'asking to wait (429)', status: 429 },
  { name: 'redirecting', status: 307, headers: { location: '/emulator/echo' } },
];

/** What would only be said again. */
const lasting: readonly NamedFault[] = [
  { name: 'asking to wait too long (429)', status: 429, headers: { 'retry-after': '7' } },
  { name: 'behind a page of its own (403 HTML)', html: true },
  { name: 'behind a page of its own (200 HTML)', html: true, status: 200 },
  { name: 'answering JSON that stops in the middle', malformed: true },
];

describe.each(platforms)('While Wix is failing, on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let hasty: RunningApp;
  let patient: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
    hasty = await startStore(platform, wix, app, { clock, requestTimeoutMs: SHORT_TIMEOUT_MS });
    patient = await startStore(platform, wix, app, { clock });
  });
  afterEach(() => {
    wix.variants.tokensOfRemovedInstalls = 'dead';
    wix.clearFaults();
    wix.resetLog();
  });
  afterAll(async () => {
    await hasty.close();
    await patient.close();
    await wix.stop();
  });

  const granted = () => siteWith(wix, app, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);
  const get = (path: string, token: string) => call(`${patient.url}/${path}`, token);
  const post = (token: string, { url } = patient) => call(`${url}/products`, token, { method: 'POST' });

  /** Asks until it goes well again: a busy machine may need longer than a short timeout. */
  async function recovered(ask: () => Promise<Answer>): Promise<Answer> {
    const untilMs = Date.now() + TIMEOUT_MS;
    let answer = await ask();
    while (answer.status === 503 && Date.now() < untilMs) answer = await ask();
    return answer;
  }

  describe.each([
    { endpoint: 'token-info', path: TOKEN_INFO },
    { endpoint: 'the token endpoint', path: TOKEN },
    { endpoint: 'Get App Instance', path: APP_INSTANCE },
    { endpoint: 'Query Site Contributors', path: CONTRIBUTORS },
  ])('at $endpoint', ({ path }) => {
    it.each(passing)('answers 503 in time when it is $name, and recovers automatically', async ({ name, ...fault }) => {
      const token = granted().userToken(MANAGER);
      wix.fail(path, fault);
      const startedMs = Date.now();
      const answer = await post(token, hasty);
      expect(answer).toMatchObject({ status: 503, body: { statusCode: 503, code: 'WIX_UNAVAILABLE' } });
      expect(answer.headers.get('www-authenticate')).toBeNull();
      expect(Date.now() - startedMs).toBeLessThan(TIMEOUT_MS);

      wix.clearFaults();
      expect(await recovered(() => post(token, hasty))).toMatchObject({ status: 201 });
    });

    it.each(lasting)('answers 503 at once when it is $name, and recovers automatically', async ({ name, ...fault }) => {
      const token = granted().userToken(MANAGER);
      const planned = wix.fail(path, fault);
      const answer = await post(token);
      expect(answer).toMatchObject({
        status: 503,
        body: { statusCode: 503, error: 'Service Unavailable', code: 'WIX_UNAVAILABLE' },
      });
      expect(answer.headers.get('retry-after')).toBe(fault.headers?.['retry-after'] ?? null);
      expect(planned.hits).toBe(1);

      wix.clearFaults();
      clock.advance(1_000 * Number(fault.headers?.['retry-after'] ?? 0));
      expect(await post(token)).toMatchObject({ status: 201 });
    });
  });

  it.each([TOKEN, TOKEN_INFO, APP_INSTANCE])('answers 503 when %s answers {}', async (path) => {
    const token = granted().userToken(MANAGER);
    wix.fail(path, { body: {}, times: 1 });
    expect(await post(token)).toMatchObject({ status: 503, body: { code: 'WIX_UNAVAILABLE' } });
    expect(await post(token)).toMatchObject({ status: 201 });
  });

  it('reads {} as no contributors: Wix omits empty lists from JSON', async () => {
    wix.fail(CONTRIBUTORS, { body: {} });
    const missing = { code: 'WIX_SCOPE_MISSING', lackedBy: ['user'] };
    expect(await post(granted().userToken(MANAGER))).toMatchObject({ status: 403, body: missing });
  });

  it.each([402, 403, 409, 418])('does not read a %d of token-info as a verdict on the token', async (status) => {
    wix.fail(TOKEN_INFO, { status, times: 1 });
    const token = granted().ownerToken();
    expect(await get('anyone', token)).toMatchObject({ status: 503, body: { code: 'WIX_UNAVAILABLE' } });
    expect(await get('anyone', token)).toMatchObject({ status: 200 });
  });

  it('includes the id of the request that failed', async () => {
    wix.fail(TOKEN_INFO, { html: true });
    const { body } = await get('anyone', granted().ownerToken());
    expect(body).toMatchObject({ requestId: wix.requests.at(-1)?.requestId });
  });

  it('survives a single failure of each', async () => {
    const paths = [TOKEN_INFO, TOKEN, APP_INSTANCE, CONTRIBUTORS];
    for (const path of paths) wix.fail(path, { status: 502, times: 1 });
    expect(await post(granted().userToken(MANAGER))).toMatchObject({ status: 201 });
    for (const path of paths) expect(wix.count(path)).toBe(2);
  });

  it('caches no refusal of a token during an outage', async () => {
    const token = granted().ownerToken();
    wix.fail(TOKEN_INFO, { html: true, times: 2 });
    expect(await get('anyone', token)).toMatchObject({ status: 503 });
    expect(await get('anyone', token)).toMatchObject({ status: 503 });
    expect(await get('anyone', token)).toMatchObject({ status: 200 });
    expect(wix.count(TOKEN_INFO)).toBe(3);
  });

  it('still refuses credentials that need no request', async () => {
    wix.fail('*', { html: true });
    const { site, install } = granted();
    const expired = wix.mint.userToken(install, site.owner, { expiresInSeconds: -1 });
    expect(await get('anyone', expired)).toMatchObject({ status: 401, body: { code: 'WIX_CREDENTIALS_EXPIRED' } });
    expect(await get('anyone', 'rubbish')).toMatchObject({ status: 401 });
    const instance = wix.mint.signedInstance(install, { user: site.owner });
    expect(await get('anyone', instance)).toMatchObject({ status: 200 });
    expect(wix.count()).toBe(0);
  });

  it('admits a known caller for verification.ttlMs, and then answers 503', async () => {
    const token = granted().userToken(MANAGER);
    expect(await post(token)).toMatchObject({ status: 201 });
    wix.fail('*', { html: true });
    clock.advance(59_000);
    expect(await post(token)).toMatchObject({ status: 201 });
    clock.advance(2_000);
    expect(await post(token)).toMatchObject({ status: 503, body: { code: 'WIX_UNAVAILABLE' } });
    wix.clearFaults();
    expect(await post(token)).toMatchObject({ status: 201 });
  });

  it('repeats a cached refusal for its time to live', async () => {
    const { site, install } = granted();
    const forged = wix.mint.userToken(install, site.owner, { forged: true });
    expect(await get('anyone', forged)).toMatchObject({ status: 401 });
    wix.fail('*', { html: true });
    expect(await get('anyone', forged)).toMatchObject({ status: 401, body: { code: 'WIX_CREDENTIALS_REJECTED' } });
    clock.advance(10_000);
    expect(await get('anyone', forged)).toMatchObject({ status: 503 });
  });

  it('blames the operator, not the caller or Wix, for a secret that Wix refuses', async () => {
    const site = granted();
    wix.fail(TOKEN, { status: 401, body: { error: 'invalid_client' } });
    const answer = await post(site.ownerToken());
    expect(answer).toMatchObject({ status: 502, body: { code: 'WIX_APP_REFUSED' } });
    expect(answer.headers.get('www-authenticate')).toBeNull();
  });

  it('distinguishes a removed installation from an outage', async () => {
    const removed = granted();
    wix.variants.tokensOfRemovedInstalls = 'alive';
    removed.install.remove();
    expect(await post(removed.ownerToken())).toMatchObject({
      status: 403,
      body: { code: 'WIX_INSTANCE_UNKNOWN' },
    });
    expect(await post(granted().ownerToken())).toMatchObject({ status: 201 });
  });

  it('recovers after Wix was entirely down', async () => {
    const first = await WixEmulator.start();
    const owned = first.addApp();
    const port = Number(new URL(first.url).port);
    const store = await startStore(platform, first, owned, { requestTimeoutMs: SHORT_TIMEOUT_MS });
    const get = (token: string) => call(`${store.url}/anyone`, token);
    await first.stop();
    expect(await get(siteWith(first, owned).ownerToken())).toMatchObject({
      status: 503,
      body: { code: 'WIX_UNAVAILABLE' },
    });

    const second = await WixEmulator.start({ port });
    const token = siteWith(second, second.addApp({ appId: owned.appId, appSecret: owned.appSecret })).ownerToken();
    const answer = await recovered(() => get(token));
    await store.close();
    await second.stop();
    expect(answer).toMatchObject({ status: 200 });
  });
});
