import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { AccessAudit, type WixAccessDecision } from 'nestjs-wix-auth';
import { WixAuthInstrumentation } from 'nestjs-wix-auth/opentelemetry';

import { CanaryApp } from '../support/canary-app.js';
import { TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { CollectedMetrics } from '../support/metrics.js';
import { RecordedTraces } from '../support/recorded-traces.js';
import { platforms, type RunningApp } from '../support/running-app.js';

class RecordingAudit extends AccessAudit {
  readonly decisions: WixAccessDecision[] = [];

  override decided(decision: WixAccessDecision): void {
    this.decisions.push(decision);
  }
}

describe.each(platforms)('A canary secret, with everything observed, on %s', (platform) => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const audit = new RecordingAudit();
  let watched: CanaryApp;
  let running: RunningApp;
  let traces: RecordedTraces;
  let metrics: CollectedMetrics;
  let instrumentation: WixAuthInstrumentation;

  beforeAll(async () => {
    watched = await CanaryApp.on(platform);
    traces = new RecordedTraces();
    metrics = new CollectedMetrics();
    instrumentation = new WixAuthInstrumentation({ tracerProvider }).enable();
    running = await watched.start({
      audit: 'all',
      subjectIds: true,
      logging: { format: 'json' },
      providers: [{ provide: AccessAudit, useValue: audit }],
    });
  });
  afterAll(async () => {
    instrumentation.disable();
    await metrics.stop();
    traces.stop();
    trace.disable();
    await running.close();
    await watched.stop();
  });

  const observeAll = async (): Promise<void> => {
    const spans = exporter.getFinishedSpans();
    for (const seen of [traces.all, audit.decisions, spans.map(({ name }) => name), await metrics.all()]) {
      watched.canary.observe(seen);
    }
    for (const { attributes, events, status } of spans) watched.canary.observe({ attributes, events, status });
  };

  it('does not appear on channels, in spans, metrics, the audit, or the log as objects', async () => {
    const { wix } = watched;
    const { ownerToken, userToken, visitorToken, install } = watched.site();
    const get = (path: string, credential: string, headers?: Record<string, string>) =>
      watched.get(`${running.url}/${path}`, credential, headers);
    const owner = ownerToken();
    for (const path of ['anyone', 'anyone', 'scoped', 'scoped', 'on-behalf', 'copied', 'products'])
      await get(path, owner);
    for (const credential of [userToken('none'), visitorToken(), 'nonsense-nonsense-nonsense', wix.mint.apiKey()]) {
      await get('scoped', credential);
    }
    const signed = watched.canary.mark('signed instance', wix.mint.signedInstance(install));
    await get(`anyone?instance=${encodeURIComponent(signed)}`, '');
    await get('anyone', '', { 'x-wix-instance': signed });
    wix.fail(TOKEN_INFO, { status: 503, times: 8 });
    for (let n = 0; n < 6; n += 1) await get('anyone', watched.site().ownerToken());
    wix.clearFaults();
    wix.fail(TOKEN, { status: 401, body: { error: 'invalid_client' } });
    await get('scoped', watched.site().ownerToken());
    wix.clearFaults();
    expect(traces.over('decision').length).toBeGreaterThan(10);
    expect(exporter.getFinishedSpans().length).toBeGreaterThan(10);
    expect(audit.decisions.length).toBeGreaterThan(10);
    const lines = watched.canary.logs.entries.filter(({ rest }) => rest.at(-1) === 'WixAuthModule');
    const named = { event: expect.any(String) as string, msg: expect.any(String) as string };
    expect(lines.length).toBeGreaterThan(2);
    for (const { message } of lines) expect(message).toMatchObject(named);
    await observeAll();
    expect(watched.leaks()).toEqual([]);
  });

  it('would be found if it appeared', async () => {
    const token = watched.canary.mark('token', watched.site().ownerToken());
    audit.decided({ code: token } as never);
    await observeAll();
    expect(watched.leaks()).not.toEqual([]);
  });
});
