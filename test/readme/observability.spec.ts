import { createServer } from 'node:http';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pino from 'pino';
import { Registry } from 'prom-client';
import { AccessAudit } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';

import { READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { observedModule, startObserved } from '../support/observed-app.js';
import { call, type RunningApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';
import { DatabaseAudit, JsonLinesAudit } from './snippets/observability.js';
import { pinoHttp } from './snippets/pino.js';
import { wixMetrics } from './snippets/prometheus.js';
import { countMints } from './snippets/traces.js';

const file = join(tmpdir(), `audit-${String(process.pid)}.jsonl`);

describe('The chapter on what is seen from outside', () => {
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

  it('counts mints, gives metrics to Prometheus, and writes lines of JSON', async () => {
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

  it('keeps credentials out of the lines of pino-http', () => {
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
