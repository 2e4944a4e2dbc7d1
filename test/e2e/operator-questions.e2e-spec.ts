import { randomUUID } from 'node:crypto';

import { createKeyv } from '@keyv/redis';
import { Controller, Get } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { AccessAudit, type WixAccessDecision } from 'nestjs-wix-auth';
import { WixAuthHealthIndicator } from 'nestjs-wix-auth/terminus';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { deferred } from '../support/deferred.js';
import { MANAGE_PRODUCTS, READ_PRODUCTS, siteWith, TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { CollectedMetrics } from '../support/metrics.js';
import { deliver, EventWork, observedModule, startObserved, type ObservedOptions } from '../support/observed-app.js';
import { RedisServer } from '../support/redis-server.js';
import { call, type RunningApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly wix: WixAuthHealthIndicator,
  ) {}

  @Get()
  check() {
    return this.health.check([() => this.wix.check('wix')]);
  }
}

class RecordingAudit extends AccessAudit {
  readonly decisions: WixAccessDecision[] = [];

  override decided(decision: WixAccessDecision): void {
    this.decisions.push(decision);
  }
}

const HOUR_MS = 3_600_000;

/** What an operator cannot tell from a stack of 503s. */
describe('An operator', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let audit: RecordingAudit;
  let metrics: CollectedMetrics;
  let running: RunningApp;
  let nowMs = Date.now;

  const start = async (options: ObservedOptions = {}): Promise<void> => {
    const registration = observedModule(wix, app, {
      ...options,
      providers: [{ provide: AccessAudit, useValue: audit }],
    });
    running = await startObserved('fastify', registration, {
      imports: [TerminusModule],
      controllers: [HealthController],
      providers: [WixAuthHealthIndicator],
    });
  };

  beforeAll(async () => {
    wix = await WixEmulator.start();
  });
  beforeEach(() => {
    app = wix.addApp();
    audit = new RecordingAudit();
    nowMs = Date.now;
    metrics = new CollectedMetrics(() => nowMs());
  });
  afterEach(async () => {
    wix.clearFaults();
    await running.close();
    await metrics.stop();
    wix.resetLog();
  });
  afterAll(() => wix.stop());

  const show = (token?: string) => call(`${running.url}/shop/products/1`, token);
  const health = async () => {
    const { status, body } = await call(`${running.url}/health`);
    return { status, wix: (body as { details: { wix: Record<string, unknown> } }).details.wix };
  };

  it('sees that all is well', async () => {
    await start();
    expect((await show(siteWith(wix, app, READ_PRODUCTS).ownerToken())).status).toBe(200);
    expect(await health()).toEqual({ status: 200, wix: { status: 'up' } });
    const asked = wix.requests.length;
    await health();
    expect(wix.requests).toHaveLength(asked);
  });

  it('sees that Wix is down, since when and at which endpoint, and that it has recovered', async () => {
    await start();
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    wix.fail(TOKEN_INFO, { status: 503 });
    for (let n = 0; n < 5; n += 1) await show(siteWith(wix, app, READ_PRODUCTS).ownerToken());
    expect(await health()).toMatchObject({
      status: 200,
      wix: {
        status: 'degraded',
        reasons: [
          {
            what: 'circuit-open',
            which: `${TOKEN_INFO} (introspection)`,
            why: expect.stringContaining('503') as string,
            since: expect.stringMatching(/^\d{4}-/) as string,
          },
        ],
      },
    });
    const circuit = { 'url.template': TOKEN_INFO, 'wix_auth.lane': 'introspection' };
    expect(await metrics.sum('wix_auth.circuit.open', circuit)).toBe(1);
    expect(await metrics.sum('wix_auth.upstream.duration', { 'wix_auth.outcome': 'unavailable' })).toBe(5);
    expect(await metrics.sum('wix_auth.decisions', { 'error.type': 'WIX_UNAVAILABLE' })).toBe(5);
    expect(new Set(audit.decisions.map(({ decision }) => decision))).toEqual(new Set(['unavailable']));

    wix.clearFaults();
    const token = ownerToken();
    await untilTrue(async () => (await show(token)).status === 200);
    expect(await health()).toEqual({ status: 200, wix: { status: 'up' } });
    expect(await metrics.sum('wix_auth.circuit.open', circuit)).toBe(0);
  });

  it('sees that the secret is wrong, as a different failure', async () => {
    await start({ appSecret: randomUUID() });
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    expect((await show(ownerToken())).status).toBe(502);
    expect(await health()).toMatchObject({
      status: 503,
      wix: { status: 'down', reasons: [{ what: 'app-refused', why: 'Wix refuses the app id or secret.' }] },
    });
    expect(await metrics.sum('wix_auth.mints', { 'error.type': 'WIX_APP_REFUSED' })).toBe(1);
    expect(await metrics.sum('wix_auth.decisions', { 'wix_auth.outcome': 'failed' })).toBe(1);
    expect(audit.decisions).toMatchObject([{ decision: 'failed', code: 'WIX_APP_REFUSED' }]);
  });

  it('sees how many tokens are minted, and the hit rate of the cache', async () => {
    await start();
    const sites = [siteWith(wix, app, READ_PRODUCTS), siteWith(wix, app, READ_PRODUCTS)];
    const tokens = sites.map(({ ownerToken }) => ownerToken());
    for (const token of tokens) await show(token);
    const lookups = (source: string) =>
      metrics.sum('wix_auth.cache.lookups', { 'wix_auth.kind': 'identity', 'wix_auth.source': source });
    expect([await lookups('wix'), await lookups('memory')]).toEqual([2, 0]);
    for (const token of [...tokens, ...tokens]) await show(token);
    expect([await lookups('wix'), await lookups('memory')]).toEqual([2, 4]);
    expect(await metrics.sum('wix_auth.mints', { 'wix_auth.outcome': 'success' })).toBe(2);
    expect(wix.count(TOKEN)).toBe(2);
  });

  it('sees which site is refused, and why', async () => {
    await start();
    const { install, ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    await call(`${running.url}/shop/manage/1`, ownerToken());
    expect(await metrics.sum('wix_auth.decisions', { 'error.type': 'WIX_SCOPE_MISSING' })).toBe(1);
    expect(audit.decisions).toMatchObject([
      {
        decision: 'refused',
        code: 'WIX_SCOPE_MISSING',
        route: 'GET /shop/manage/:id',
        instanceId: install.instanceId,
        missingScopes: [MANAGE_PRODUCTS],
        lackedBy: ['app'],
      },
    ]);
    expect((await health()).wix).toEqual({ status: 'up' });
  });

  it('sees the age of the oldest webhook in progress, and its installation', async () => {
    await start();
    const { install } = siteWith(wix, app);
    const stuck = deferred<undefined>();
    running.app.get(EventWork).next = () => stuck.promise;
    expect(await deliver(running.url, wix.send.webhookBody(install, { type: 'AppInstalled' }))).toBe(503);
    nowMs = () => Date.now() + HOUR_MS;
    const handler = { 'wix_auth.event_type': 'AppInstalled', 'wix_auth.handler': 'EventWork.onInstalled' };
    expect(await metrics.sum('wix_auth.webhook.oldest_age', handler)).toBeGreaterThanOrEqual(HOUR_MS / 1_000);
    stuck.resolve(undefined);
    await untilTrue(async () => (await metrics.sum('wix_auth.webhook.oldest_age', handler)) === 0);
    expect(await metrics.sum('wix_auth.webhooks', { ...handler, 'wix_auth.outcome': 'done' })).toBe(1);
    expect(await metrics.sum('wix_auth.webhook.duration', handler)).toBe(1);
  });

  it('sees that Redis is down, and that requests are still answered', async () => {
    const redis = await RedisServer.start();
    await start({ cache: { stores: [createKeyv(redis.url, { throwOnErrors: true })] } });
    expect((await show(siteWith(wix, app, READ_PRODUCTS).ownerToken())).status).toBe(200);
    await redis.kill();
    for (let n = 0; n < 4; n += 1) {
      expect((await show(siteWith(wix, app, READ_PRODUCTS).ownerToken())).status).toBe(200);
    }
    expect(await metrics.sum('wix_auth.store.failing', { 'wix_auth.store': 'cache' })).toBe(1);
    expect((await health()).wix).toMatchObject({
      status: 'degraded',
      reasons: [{ what: 'store-failing', which: 'cache' }],
    });
    await redis.startAgain();
    await untilTrue(async () => {
      await show(siteWith(wix, app, READ_PRODUCTS).ownerToken());
      return (await health()).wix['status'] === 'up';
    });
    expect(await metrics.sum('wix_auth.store.failing', { 'wix_auth.store': 'cache' })).toBe(0);
    await redis.stop();
  });

  it('sees that stale answers are served', async () => {
    await start({ verification: { ttlMs: 1, staleIfErrorMs: 60_000 }, grants: { ttlMs: 1, staleIfErrorMs: 60_000 } });
    const token = siteWith(wix, app, READ_PRODUCTS).ownerToken();
    await show(token);
    wix.fail(TOKEN_INFO, { status: 503 });
    await untilTrue(async () => {
      await show(token);
      return (await health()).wix['status'] === 'degraded';
    });
    expect((await health()).wix).toMatchObject({ reasons: [{ what: 'serving-stale', which: 'identities' }] });
    expect(await metrics.sum('wix_auth.cache.lookups', { 'wix_auth.source': 'stale' })).toBeGreaterThan(0);
  });
});

describe('verifyOnStart', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  const logs = new CapturedLogs();
  const start = async (options: ObservedOptions): Promise<readonly string[]> => {
    logs.entries.splice(0);
    const running = await startObserved(
      'express',
      observedModule(wix, app, options),
      {},
      {
        configure: (nest) => nest.useLogger(logs),
      },
    );
    await running.close();
    return logs.entries
      .map(({ level, message }) => `${level} ${String(message)}`)
      .filter((line) => line.includes('app id'));
  };

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  afterEach(() => wix.clearFaults());
  afterAll(() => wix.stop());

  it('reports in one line whether Wix accepts the app', async () => {
    expect(await start({})).toEqual([]);
    expect(await start({ verifyOnStart: true })).toEqual(['log Wix accepts the app id and secret.']);
    const appSecret = randomUUID();
    expect(await start({ verifyOnStart: true, appSecret })).toEqual([
      expect.stringContaining('error WIX_APP_REFUSED: Wix refuses the app id or secret'),
    ]);
    wix.fail(TOKEN, { status: 503 });
    expect(await start({ verifyOnStart: 'required' })).toEqual([expect.stringContaining('warn Whether Wix accepts')]);
  });

  it("refuses to start with 'required' when Wix rejects the app", async () => {
    await expect(start({ verifyOnStart: 'required', appSecret: randomUUID() })).rejects.toMatchObject({
      code: 'WIX_MISCONFIGURED',
    });
    expect(await start({ verifyOnStart: 'required' })).toEqual(['log Wix accepts the app id and secret.']);
  });
});
