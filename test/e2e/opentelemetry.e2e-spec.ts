import { context, trace, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { trustedInstanceId, WixHttpService } from 'nestjs-wix-auth';
import { WixAuthInstrumentation } from 'nestjs-wix-auth/opentelemetry';
import { WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { lastValueFrom } from 'rxjs';

import { APP_INSTANCE, READ_PRODUCTS, siteWith, TOKEN, TOKEN_INFO } from '../support/emulated-site.js';
import { CollectedMetrics } from '../support/metrics.js';
import { observedModule, startObserved } from '../support/observed-app.js';
import { call, type RunningApp } from '../support/running-app.js';

const PRODUCT = '/stores/v3/products/6f1f6a52-3b1c-4d6f-8f0e-0d8a1c7a2b11';

describe('OpenTelemetry', () => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = tracerProvider.getTracer('test');
  const instrumentation = new WixAuthInstrumentation({ tracerProvider });
  let wix: WixEmulator;
  let app: EmulatedApp;
  let running: RunningApp;

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    wix = await WixEmulator.start();
    app = wix.addApp();
    const configure = (nest: RunningApp['app']): void => {
      // What an instrumentation of HTTP does.
      nest.use((_request: unknown, _response: unknown, next: () => void) => {
        const span = tracer.startSpan('request');
        context.with(trace.setSpan(context.active(), span), next);
        span.end();
      });
    };
    running = await startObserved('express', observedModule(wix, app), {}, { configure });
  });
  beforeEach(() => {
    instrumentation.enable();
  });
  afterEach(() => {
    instrumentation.disable();
    exporter.reset();
    wix.clearFaults();
  });
  afterAll(async () => {
    await running.close();
    await wix.stop();
    context.disable();
  });

  const inSpan = async (span: Span, work: () => Promise<unknown>): Promise<void> => {
    await context.with(trace.setSpan(context.active(), span), work);
    span.end();
  };

  it('gets a span for every request to Wix, below the span of the request that caused it', async () => {
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    const token = ownerToken();
    await call(`${running.url}/shop/products/1`, token);
    const spans = exporter.getFinishedSpans();
    const request = spans.find(({ name }) => name === 'request');
    const below = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === request?.spanContext().spanId);
    expect(below.map(({ name }) => name)).toEqual([`POST ${TOKEN_INFO}`, `POST ${TOKEN}`, `GET ${APP_INSTANCE}`]);
    exporter.reset();
    await call(`${running.url}/shop/products/1`, token);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['request']);
  });

  it('gets attributes that follow the semantic conventions, and the code of a failure', async () => {
    const { install } = siteWith(wix, app, READ_PRODUCTS);
    const client = running.app.get(WixHttpService).asInstance(trustedInstanceId(install.instanceId));
    wix.fail(PRODUCT, { status: 503, times: 1 });
    const get = () => lastValueFrom(client.get(`${PRODUCT}?fields=secret`)).catch(() => undefined);
    await inSpan(tracer.startSpan('job'), get);
    const span = exporter.getFinishedSpans().find(({ name }) => name === 'GET /stores/v3/products/{id}');
    const { hostname, port } = new URL(wix.url);
    expect(span?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'url.template': '/stores/v3/products/{id}',
      'server.address': hostname,
      'server.port': Number(port),
      'http.response.status_code': 404,
      'http.request.resend_count': 1,
      'error.type': 'HTTP_404',
      'wix_auth.by': 'application',
      'wix_auth.app_id': app.appId,
      'wix_auth.instance_id': install.instanceId,
      'wix_auth.request_id': expect.any(String) as string,
    });
    expect(span?.kind).toBe(2);
    expect(span?.status.code).toBe(2);
    expect(JSON.stringify(span?.attributes)).not.toContain('secret');
  });

  it('gets no more metrics when there are more ids', async () => {
    const metrics = new CollectedMetrics();
    const { install } = siteWith(wix, app, READ_PRODUCTS);
    const client = running.app.get(WixHttpService).asInstance(trustedInstanceId(install.instanceId));
    for (let n = 0; n < 20; n += 1) await lastValueFrom(client.get(`${PRODUCT}${String(n)}`)).catch(() => undefined);
    expect(await metrics.sum('wix_auth.upstream.duration', { 'url.template': '/stores/v3/products/{id}' })).toBe(20);
    expect(JSON.stringify(await metrics.all())).not.toContain(install.instanceId);
    await metrics.stop();
  });

  it('changes no answer when an exporter throws', async () => {
    instrumentation.disable();
    const broken = {
      getTracer: () => {
        throw new Error('no tracer');
      },
    };
    const failing = {
      getTracer: () => ({
        startSpan: () => {
          throw new Error('no span');
        },
      }),
    };
    expect(() => new WixAuthInstrumentation({ tracerProvider: broken }).enable()).toThrow('no tracer');
    const bad = new WixAuthInstrumentation({ tracerProvider: failing as never }).enable();
    const { ownerToken } = siteWith(wix, app, READ_PRODUCTS);
    expect((await call(`${running.url}/shop/products/1`, ownerToken())).status).toBe(200);
    bad.disable();
  });
});
