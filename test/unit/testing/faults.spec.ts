import { call } from './http-calls.js';
import { emulatedPlatform, type EmulatedPlatform } from './emulated-platform.js';

describe('faults of the emulator', () => {
  let platform: EmulatedPlatform;

  beforeEach(async () => {
    platform = await emulatedPlatform();
  });
  afterEach(() => platform.wix.stop());

  const INFO = '/oauth2/token-info';
  const ask = (token = platform.wix.mint.appToken(platform.install)) =>
    call(platform.wix.url + INFO, { body: { token } });

  it("answer with a status in Wix's format, or with any body and headers", async () => {
    const { wix } = platform;
    wix.fail(INFO, { status: 503, times: 1 });
    wix.fail(INFO, { status: 429, headers: { 'retry-after': '7' }, times: 1 });
    wix.fail(INFO, { body: { active: 'maybe' }, times: 1 });
    wix.fail(INFO, { status: 500, body: 'plain text', times: 1 });

    expect(await ask()).toMatchObject({ status: 503, body: { message: '', details: {} } });
    const throttled = await ask();
    expect(throttled).toMatchObject({ status: 429, body: { details: { applicationError: expect.anything() } } });
    expect(throttled.headers.get('retry-after')).toBe('7');
    expect(await ask()).toMatchObject({ status: 200, body: { active: 'maybe' } });
    expect(await ask()).toMatchObject({ status: 500, text: 'plain text' });
    expect((await ask()).body).toMatchObject({ active: true });
  });

  it('answer with HTML, with nothing, and with half of a JSON', async () => {
    const { wix } = platform;
    wix.fail(INFO, { html: true, times: 1 });
    wix.fail(INFO, { empty: true, times: 1 });
    wix.fail(INFO, { malformed: true, times: 1 });

    const html = await ask();
    expect([html.status, html.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
    expect(await ask()).toMatchObject({ status: 403, text: '' });
    const malformed = await ask();
    expect([malformed.status, malformed.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(() => void JSON.parse(malformed.text)).toThrow(SyntaxError);
  });

  it('still carry a request id', async () => {
    platform.wix.fail(INFO, { html: true });
    expect((await ask()).headers.get('x-wix-request-id')).toMatch(/^\d+\.\d+$/);
  });

  it('add headers to the ordinary response', async () => {
    platform.wix.fail(INFO, { headers: { 'x-wix-consistent': 'later' } });
    const { body, headers } = await ask();
    expect(body).toMatchObject({ active: true });
    expect(headers.get('x-wix-consistent')).toBe('later');
  });

  it('hold the ordinary response until the test releases it, as it was when the request came', async () => {
    const { wix } = platform;
    let letGo = (): void => undefined;
    wix.fail(INFO, { until: new Promise<void>((resolve) => (letGo = resolve)) });
    const token = wix.mint.appToken(platform.install);
    const answer = ask(token);
    await wix.waitFor(INFO);
    wix.revoke(token);
    expect(wix.requests[0]?.status).toBeUndefined();

    letGo();
    expect((await answer).body).toMatchObject({ active: true });
    expect(wix.requests[0]?.status).toBe(200);
  });

  it('delay responses by real milliseconds', async () => {
    platform.wix.fail(INFO, { delayMs: 30 });
    const start = performance.now();
    await ask();
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
  });

  it('hang until the client disconnects, which the log shows', async () => {
    const { wix } = platform;
    wix.fail(INFO, { hang: true });
    const abort = new AbortController();
    const answer = fetch(wix.url + INFO, { method: 'POST', body: '{}', signal: abort.signal });
    await wix.waitFor(INFO);
    abort.abort();

    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await wix.requests[0]?.settled;
    expect(wix.requests[0]).toMatchObject({ aborted: true, status: undefined });
  });

  it('reset the connection before the response, and in the middle of it', async () => {
    const { wix } = platform;
    wix.fail(INFO, { reset: true, times: 1 });
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(wix.requests[0]).toMatchObject({ aborted: false, status: undefined });

    wix.fail(INFO, { resetMidBody: true });
    const answer = await fetch(wix.url + INFO, { method: 'POST', body: '{"token":"x"}' });
    expect(answer.status).toBe(400);
    await expect(answer.text()).rejects.toThrow();
  });

  it('apply to one path, one method, one grant, or everything', async () => {
    const { wix, install, app } = platform;
    const post = (body: object) => call(`${wix.url}/oauth2/token`, { body });
    const anonymous = { grantType: 'anonymous', clientId: app.appId };
    const mint = {
      grant_type: 'client_credentials',
      client_id: app.appId,
      client_secret: app.appSecret,
      instance_id: install.instanceId,
    };

    const forAnonymous = wix.fail('/oauth2/token', { status: 500, grantType: 'anonymous' });
    expect([(await post(anonymous)).status, (await post(mint)).status]).toEqual([500, 200]);
    forAnonymous.clear();
    const forGet = wix.fail('/oauth2/*', { status: 500, method: 'GET' });
    expect((await post(anonymous)).status).toBe(200);
    forGet.clear();
    wix.fail('/oauth2/*', { status: 500 });
    expect([(await post(mint)).status, (await ask()).status]).toEqual([500, 500]);
    wix.clearFaults();
    wix.fail('*', { status: 502 });
    expect((await call(`${wix.url}/stores/v3/products`)).status).toBe(502);
  });

  it('count their hits and end when cleared', async () => {
    const fault = platform.wix.fail(INFO, { status: 503 });
    expect([(await ask()).status, (await ask()).status]).toEqual([503, 503]);
    fault.clear();
    expect((await ask()).status).toBe(200);
    expect(fault.hits).toBe(2);
  });

  it('are not applied after they replaced another response', async () => {
    const { wix, app } = platform;
    wix.fail('/oauth2/token', { status: 503 });
    await call(`${wix.url}/oauth2/token`, { body: { grantType: 'anonymous', clientId: app.appId } });
    expect(wix.requests[0]).toMatchObject({ status: 503, note: expect.stringContaining('wix.fail') });
  });

  it('are refused when they contradict themselves', () => {
    expect(() => platform.wix.fail(INFO, { html: true, empty: true })).toThrow(/contradicts itself/);
    expect(() => platform.wix.fail(INFO, { hang: true, reset: true })).toThrow(/contradicts itself/);
  });
});
