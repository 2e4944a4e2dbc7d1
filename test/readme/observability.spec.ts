import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pino from 'pino';
import { Histogram, Registry } from 'prom-client';
import { AccessAudit } from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { compileInto, kill, startProcess } from '../support/compiled.js';
import { deferred } from '../support/deferred.js';
import { READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { freePort } from '../support/free-port.js';
import { deliver, EventWork, observedModule, startObserved } from '../support/observed-app.js';
import type { TenantsSetup } from '../e2e/tenants/app.js';
import { call, type RunningApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';
import { DatabaseAudit, JsonLinesAudit } from './snippets/observability.js';
import { pinoHttp } from './snippets/pino.js';
import { wixMetrics } from './snippets/prometheus.js';
import { countMints } from './snippets/traces.js';

const auth = (authorization: string): RequestInit => ({ headers: { authorization } });

const operations = (file: string): string => readFileSync(join('docs/operations', file), 'utf8');

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

const dashboardExpressions = (): readonly string[] =>
  (JSON.parse(operations('grafana-dashboard.json')) as Dashboard).panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr),
  );

/** The expressions of the file of alerts: what stands behind `expr:`, or indented below it. */
const alertExpressions = (): readonly string[] =>
  [...operations('prometheus-alerts.yml').matchAll(/^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.*))/gm)].map(
    ([, block, line]) => block ?? line ?? '',
  );

const namesIn = (expression: string): readonly string[] => {
  const names = [...expression.matchAll(/\bwix_auth_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));
  return [...new Set(names)];
};

const labelsIn = (expression: string): readonly string[] => [
  ...[...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner = '']) =>
    [...inner.matchAll(/(\w+) *[=!]/g)].map(([, label = '']) => label),
  ),
  ...[...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, inner = '']) => inner.split(/, */)),
];

// prom-client declares it on each kind of metric, and not on what they have in common.
const labelsOf = (metric: object): readonly string[] => {
  const names = Reflect.get(metric, 'labelNames') as readonly string[];
  return metric instanceof Histogram ? [...names, 'le'] : names;
};

const file = join(tmpdir(), `audit-${String(process.pid)}.jsonl`);

describe('The chapter on observability', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    process.env['AUDIT_FILE'] = file;
    wix = await WixEmulator.start();
    app = wix.addApp();
    const providers = [{ provide: AccessAudit, useClass: JsonLinesAudit }];
    running = await startObserved('express', observedModule(wix, app, { audit: 'all', providers }));
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
    rmSync(file, { force: true });
  });

  it('counts mints, exposes metrics to Prometheus, and writes JSON lines', async () => {
    const mints = new Map<string, number>();
    const registry = new Registry();
    const ends = [countMints(mints), wixMetrics(registry)];
    const { ownerToken, install } = siteWith(wix, app, READ_PRODUCTS);
    await call(`${running.url}/shop/products/1`, ownerToken());
    await call(`${running.url}/shop/products/1`);
    for (const end of ends) end();
    expect(mints).toEqual(new Map([[app.appId, 1]]));
    const text = await registry.metrics();
    expect(text).toContain('wix_auth_decisions_total{outcome="success",code=""} 1');
    expect(text).toContain('wix_auth_decisions_total{outcome="refused",code="WIX_CREDENTIALS_MISSING"} 1');
    expect(text).toContain('wix_auth_upstream_duration_seconds_count{path="/oauth2/token-info",outcome="success"} 1');
    await untilTrue(() => Promise.resolve(readFileSync(file, 'utf8').split('\n').length === 3));
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([{ decision: 'allowed', instanceId: install.instanceId }, { decision: 'refused' }]);
  });

  it('has metrics for every expression of the dashboard and the alerts, with their labels', () => {
    const registry = new Registry();
    wixMetrics(registry)();
    const metrics = registry.getMetricsAsArray().map((metric) => ({ name: metric.name, labels: labelsOf(metric) }));
    const expressions = [...dashboardExpressions(), ...alertExpressions()];
    expect(expressions.length).toBeGreaterThan(14);
    for (const expression of expressions) {
      const [used, labels] = [namesIn(expression).toSorted(), labelsIn(expression)];
      const known = metrics.filter(({ name }) => used.includes(name));
      expect({ expression, used }).toEqual({ expression, used: known.map(({ name }) => name).toSorted() });
      expect({
        expression,
        unknown: labels.filter((label) => !known.some((one) => one.labels.includes(label))),
      }).toEqual({ expression, unknown: [] });
    }
    expect(new Set(expressions.flatMap(namesIn))).toEqual(new Set(metrics.map(({ name }) => name)));
  });

  it('reports the age of the oldest event that a handler is running', async () => {
    const registry = new Registry();
    const end = wixMetrics(registry);
    const age = async (): Promise<number> => {
      const metric = await registry.getSingleMetric('wix_auth_webhook_oldest_age_seconds')?.get();
      return metric?.values[0]?.value ?? -1;
    };
    const done = deferred<undefined>();
    running.app.get(EventWork).next = () => done.promise;
    const { install } = siteWith(wix, app);
    const iat = Math.floor(Date.now() / 1_000) - 60;
    const body = wix.send.webhookBody(install, { type: 'AppInstalled' }, { claims: { iat } });
    expect(await deliver(running.url, body)).toBe(503);
    expect(await age()).toBeGreaterThanOrEqual(60);
    done.resolve(undefined);
    await untilTrue(async () => (await age()) === 0);
    end();
  });

  it('matches the sample', () => {
    const [recipe, sample] = ['test/readme/snippets/prometheus.ts', 'sample/src/observing/wix-metrics.ts'];
    expect(readFileSync(sample, 'utf8')).toBe(readFileSync(recipe, 'utf8'));
  });

  describe('on the identity of the caller, in an application of its own', () => {
    const home = mkdtempSync(join(tmpdir(), 'tenants-'));
    let tenants: ChildProcess;
    let url: string;

    // Jest on Node 20 cannot load what these packages require of Nest 12, which is ESM alone: plain Node can.
    beforeAll(async () => {
      compileInto(home, ['test/e2e/tenants/app.ts', 'test/readme/snippets/tenants.ts']);
      const port = await freePort();
      url = `http://127.0.0.1:${String(port)}`;
      const setup: TenantsSetup = { ...emulatedOptions(wix, app), port };
      tenants = await startProcess(join(home, 'test/e2e/tenants/app.js'), setup);
    });
    afterAll(async () => {
      await kill(tenants);
      rmSync(home, { recursive: true });
    });

    const statuses = async (count: number, token: string): Promise<readonly number[]> => {
      const all = [];
      for (let n = 0; n < count; n += 1) all.push((await call(`${url}/by-plan`, token)).status);
      return all.filter((status) => status !== 200);
    };

    it('stores the tenant of a request in nestjs-cls', async () => {
      const [one, other] = [siteWith(wix, app), siteWith(wix, app)];
      const answers = await Promise.all(
        [one, other, one].map(async ({ ownerToken }) => (await fetch(`${url}/owner`, auth(ownerToken()))).text()),
      );
      expect(answers).toEqual([one, other, one].map(({ install }) => install.instanceId));
    });

    it('throttles by installation and plan with @nestjs/throttler', async () => {
      const [free, another, paid] = [siteWith(wix, app), siteWith(wix, app), siteWith(wix, app)];
      paid.install.plan = 'gold';
      expect(await statuses(61, free.ownerToken())).toEqual([429]);
      expect(await statuses(1, free.visitorToken())).toEqual([429]);
      expect(await statuses(60, another.ownerToken())).toEqual([]);
      expect(await statuses(61, paid.ownerToken())).toEqual([]);
    });
  });

  it('writes rows', async () => {
    const rows: object[] = [];
    const audit = new DatabaseAudit({
      insert: (table, row) => {
        rows.push({ table, ...row });
        return Promise.resolve();
      },
    });
    await audit.decided({} as never);
    expect(rows).toEqual([{ table: 'wix_access_decisions' }]);
  });

  it('redacts credentials in the lines of pino-http', () => {
    const lines: string[] = [];
    const logger = pino(
      { redact: pinoHttp.redact, serializers: pinoHttp.serializers },
      { write: (line) => lines.push(line) },
    );
    logger.info({
      req: {
        url: '/page?instance=signature.secret',
        query: { instance: 'signature.secret' },
        headers: { authorization: 'OauthNG.JWS.secret', 'x-wix-instance': 'a.secret' },
      },
    });
    expect(lines.join()).toContain('"url":"/page"');
    expect(lines.join()).not.toContain('secret');
    expect(pinoHttp.customProps(createServer())).toEqual({ instanceId: undefined });
  });
});
