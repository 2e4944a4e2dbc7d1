import { trustedInstanceId, WixIdentityService, WixTokenService, WixUnavailableError } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { errorOf } from '../support/code-of.js';
import { deferred } from '../support/deferred.js';
import {
  APP_INSTANCE,
  CONTRIBUTORS,
  MANAGE_CONTRIBUTORS,
  MANAGE_PRODUCTS,
  READ_PRODUCTS,
  siteWith,
  TOKEN,
  TOKEN_INFO,
} from '../support/emulated-site.js';
import { FakeClock } from '../support/fake-clock.js';
import { tallyOf } from '../support/many-requests.js';
import { call, platforms, type RunningApp } from '../support/running-app.js';
import { AGENT, startStore } from '../support/store-app.js';

const MANY = 1_000;
const MAX_CONNECTIONS = 16;
const QUESTIONS_PER_SECOND = 50;

describe.each(platforms)('Under load on %s', (platform) => {
  const clock = new FakeClock();
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    wix = await WixEmulator.start({ now: () => clock.nowMs() });
    app = wix.addApp();
  });
  beforeEach(async () => {
    running = await start(60_000);
    wix.resetLog();
  });
  afterEach(async () => {
    await running.close();
    wix.clearFaults();
  });
  afterAll(() => wix.stop());

  const start = (maxWaitMs: number): Promise<RunningApp> =>
    startStore(platform, wix, app, {
      clock,
      requestTimeoutMs: 30_000,
      verification: { maxRequestsPerSecond: QUESTIONS_PER_SECOND, maxWaitMs },
    });
  const url = (path: string) => `${running.url}/${path}`;
  const repeated = (token: string, times = MANY) => Array.from({ length: times }, () => token);
  const tokens = () => running.app.get(WixTokenService, { strict: false });
  const identities = () => running.app.get(WixIdentityService, { strict: false });

  it('asks token-info once for 1,000 concurrent requests with one new token', async () => {
    expect(await tallyOf(url('anyone'), repeated(siteWith(wix, app).visitorToken()))).toEqual({ 200: MANY });
    expect(wix.count(TOKEN_INFO)).toBe(1);
  });

  it('requests the grants of 200 concurrent callers once, and refuses them all', async () => {
    const site = siteWith(wix, app, READ_PRODUCTS, MANAGE_PRODUCTS, MANAGE_CONTRIBUTORS);
    expect(await tallyOf(url('either'), repeated(site.userToken(AGENT), 200))).toEqual({ 403: 200 });
    expect(wix.count(TOKEN, { grantType: 'client_credentials' })).toBe(1);
    // What is lacking is asked for once more before it is refused.
    expect(wix.count(APP_INSTANCE)).toBeLessThanOrEqual(2);
    expect(wix.count(CONTRIBUTORS)).toBeLessThanOrEqual(2);
  });

  it('mints once for 1,000 concurrent callers of one instance', async () => {
    const instanceId = trustedInstanceId(siteWith(wix, app).install.instanceId);
    const minted = await Promise.all(Array.from({ length: MANY }, () => tokens().accessTokenFor(instanceId)));
    expect(new Set(minted.map(({ value }) => value)).size).toBe(1);
    expect(wix.count(TOKEN)).toBe(1);
  });

  it('mints 1,000 times for 1,000 instances, with a limit at a time', async () => {
    const instanceIds = Array.from({ length: MANY }, () => trustedInstanceId(siteWith(wix, app).install.instanceId));
    const gate = deferred<undefined>();
    wix.fail(TOKEN, { until: gate.promise });
    const minting = Promise.all(instanceIds.map((instanceId) => tokens().accessTokenFor(instanceId)));
    await wix.waitFor(TOKEN, { times: MAX_CONNECTIONS });
    // Other traffic comes and goes, and still no further mint was sent.
    await tallyOf(url('anyone'), repeated('rubbish', 100));
    expect(wix.count(TOKEN)).toBe(MAX_CONNECTIONS);

    gate.resolve(undefined);
    expect(new Set((await minting).map(({ value }) => value)).size).toBe(MANY);
    expect(wix.count(TOKEN)).toBe(MANY);
  });

  describe('in a flood of invented tokens that name the app', () => {
    beforeEach(async () => {
      await running.close();
      running = await start(1_000);
    });

    const forged = (count: number): string[] => {
      const { site, install } = siteWith(wix, app);
      return Array.from({ length: count }, () => wix.mint.userToken(install, site.owner, { forged: true }));
    };
    const questionsIn = (startedMs: number): number =>
      QUESTIONS_PER_SECOND * (Math.ceil((Date.now() - startedMs) / 1_000) + 1);

    it('limits the requests to token-info, and answers 503 beyond', async () => {
      const startedMs = Date.now();
      const tally = await tallyOf(url('anyone'), forged(1_000), 100);
      expect(wix.count(TOKEN_INFO)).toBeLessThanOrEqual(questionsIn(startedMs));
      expect((tally[401] ?? 0) + (tally[503] ?? 0)).toBe(1_000);
      expect(tally[401]).toBe(wix.count(TOKEN_INFO));
    });

    it('does so for 5,000 at once, without HTTP in between, and says when to retry', async () => {
      const startedMs = Date.now();
      const errors = await Promise.all(forged(5_000).map((token) => errorOf(() => identities().verify(token))));
      expect(wix.count(TOKEN_INFO)).toBeLessThanOrEqual(questionsIn(startedMs));
      const unanswered = errors.filter((error) => error instanceof WixUnavailableError);
      expect(unanswered).toHaveLength(5_000 - wix.count(TOKEN_INFO));
      expect(unanswered.every(({ retryAfterMs }) => retryAfterMs === 1_000)).toBe(true);
    });

    it('admits known callers meanwhile', async () => {
      const known = siteWith(wix, app).ownerToken();
      await call(url('anyone'), known);
      const gate = deferred<undefined>();
      wix.fail(TOKEN_INFO, { until: gate.promise });
      const flood = Promise.allSettled(forged(500).map((token) => identities().verify(token)));
      await wix.waitFor(TOKEN_INFO, { times: MAX_CONNECTIONS });
      const tally = await tallyOf(url('anyone'), repeated(known, 300), 100);
      gate.resolve(undefined);
      await flood;
      expect(tally).toEqual({ 200: 300 });
    });

    it('verifies known callers again, too, when their time to live ends', async () => {
      const known = siteWith(wix, app).ownerToken();
      await call(url('anyone'), known);
      clock.advance(60_000);
      const flood = Promise.allSettled(forged(500).map((token) => identities().verify(token)));
      expect(await call(url('anyone'), known)).toMatchObject({ status: 200 });
      await flood;
    });
  });
});
