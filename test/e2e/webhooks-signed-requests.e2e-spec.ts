import { Body, Controller, Post } from '@nestjs/common';
import { AccessAudit, type WixAccessDecision } from 'nestjs-wix-auth';
import { WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import type { JsonObject } from '../../src/core/values/json.js';
import type { WixServicePluginContext } from '../../src/signed-requests/service-plugins/service-plugin-call.js';
import {
  WixServicePluginMetadata,
  WixServicePluginRequest,
} from '../../src/signed-requests/service-plugins/service-plugin.decorators.js';
import { WixDigest } from '../../src/signed-requests/wix-digest.decorator.js';
import { WixServicePlugin } from '../../src/signed-requests/service-plugins/wix-service-plugin.decorator.js';
import { WixServicePluginException } from '../../src/signed-requests/service-plugins/wix-service-plugin.exception.js';
import { RecordedTraces } from '../support/recorded-traces.js';
import { platforms, startApp, type RunningApp } from '../support/running-app.js';
import { webhookModule } from './webhook-app.js';

const forgeries = [
  'another-key',
  'alg-none',
  'hs256',
  'stale',
  'expired',
  'future',
  'another-app',
  'another-issuer',
] as const;
let reached = 0;

@Controller('shipping')
class ShippingController {
  @Post('v1/get-rates')
  @WixServicePlugin()
  rates(
    @WixServicePluginRequest() request: JsonObject,
    @WixServicePluginMetadata() metadata: WixServicePluginContext,
  ): unknown {
    reached += 1;
    if (request['postalCode'] === undefined) {
      throw new WixServicePluginException(400, 'MISSING_POSTAL_CODE', { field: 'postalCode' });
    }
    return { rates: [request['postalCode'], metadata.instanceId, metadata.currency] };
  }
}

class RecordingAudit extends AccessAudit {
  readonly decisions: WixAccessDecision[] = [];

  override decided(decision: WixAccessDecision): void {
    this.decisions.push(decision);
  }
}

@Controller('data')
@WixDigest()
class DataController {
  @Post(':kind')
  take(@Body() body: unknown): unknown {
    reached += 1;
    return { body };
  }
}

describe.each(platforms)('signed requests of Wix on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  let running: RunningApp;
  const audit = new RecordingAudit();

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
    const controllers = [ShippingController, DataController];
    const providers = [{ provide: AccessAudit, useValue: audit }];
    running = await startApp(platform, { imports: [webhookModule(app, undefined, providers)], controllers });
  });
  beforeEach(() => {
    reached = 0;
    audit.decisions.splice(0);
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
  });

  const rates = (request: object, options = {}) =>
    wix.send.servicePlugin(install, `${running.url}/shipping/v1/get-rates`, { ...request }, options);
  const data = (body: string, options = {}) => wix.send.withDigest(app, `${running.url}/data/orders`, body, options);

  it.each(['application/json', 'text/plain'])('reach a service plugin with their request (%s)', async (contentType) => {
    const answer = await rates({ postalCode: '10115' }, { contentType, metadata: { currency: 'EUR' } });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ rates: ['10115', install.instanceId, 'EUR'] });
  });

  it('get errors in the shape Wix expects', async () => {
    const answer = await rates({});
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      applicationError: { code: 'MISSING_POSTAL_CODE', data: { field: 'postalCode' } },
    });
  });

  it.each(forgeries)('reach no service plugin when they are forged: %s', async (forgery) => {
    await expect(rates({ postalCode: '10115' }, { forgery })).resolves.toMatchObject({ status: 401 });
    expect(reached).toBe(0);
  });

  it.each(['', 'JWT='])('are admitted when the digest matches the body (prefix %j)', async (prefix) => {
    const answer = await data('{"mydata": "is secured"}', { prefix });
    expect(answer).toEqual({ status: 201, body: '{"body":{"mydata":"is secured"}}' });
  });

  it('pass a body that is not JSON as text', async () => {
    await expect(data('a=1', { contentType: 'text/plain' })).resolves.toMatchObject({ body: '{"body":"a=1"}' });
  });

  it.each(['another-body', 'another-key', 'alg-none', 'hs256', 'expired', 'future', 'another-app'] as const)(
    'are refused when the digest is wrong: %s',
    async (forgery) => {
      await expect(data('{}', { forgery })).resolves.toMatchObject({ status: 401 });
      expect(reached).toBe(0);
    },
  );

  it('are refused without a digest', async () => {
    const answer = await fetch(`${running.url}/data/orders`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    await expect(answer.json()).resolves.toMatchObject({ code: 'WIX_CREDENTIALS_MISSING' });
  });

  it('are reported on the decision channel, and refusals to the audit', async () => {
    const traces = new RecordedTraces();
    await rates({ postalCode: '10115' });
    await rates({}, { forgery: 'another-app' });
    await data('{}');
    await data('{}', { forgery: 'another-body' });
    traces.stop();
    const shipping = { route: 'POST /shipping/v1/get-rates', handler: 'ShippingController.rates' };
    const digest = { route: 'POST /data/:kind', handler: 'DataController.take' };
    const [wrongApp, wrongBody] = [{ code: 'WIX_CREDENTIALS_WRONG_APP' }, { code: 'WIX_CREDENTIALS_REJECTED' }];
    const { appId } = app;
    expect(traces.over('decision')).toMatchObject([
      { appId, ...shipping, outcome: 'success', instanceId: install.instanceId },
      { appId, ...shipping, outcome: 'refused', ...wrongApp },
      { appId, ...digest, outcome: 'success' },
      { appId, ...digest, outcome: 'refused', ...wrongBody },
    ]);
    expect(audit.decisions).toMatchObject([
      { ...shipping, decision: 'refused', ...wrongApp, identityType: undefined, instanceId: undefined },
      { ...digest, decision: 'refused', ...wrongBody },
    ]);
  });
});
