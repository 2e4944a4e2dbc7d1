import { Readable } from 'node:stream';

import type { EmulatorFault } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import type { WixRequestConfig } from '../../../src/client/sending/wix-request-config.js';
import { errorOf } from '../../support/code-of.js';
import { CallingApp, PRODUCTS } from './calling-app.js';
import { fakeWaits, halfJitter, pass, timersRunning } from './fake-waits.js';

const ECHO = '/emulator/echo';

describe('A call that fails for a passing reason', () => {
  let app: CallingApp;

  fakeWaits();
  beforeEach(async () => {
    app = await CallingApp.start({ timeoutMs: 10_000 });
    await app.tokens.accessTokenFor(app.instance);
    halfJitter();
  });
  afterEach(() => app.stop());

  const send = (method: string, config: WixRequestConfig = {}) =>
    firstValueFrom(app.http.asInstance(app.instance).request({ ...config, method, url: ECHO }));
  const fail = (fault: EmulatorFault) => app.wix.fail(ECHO, fault);

  // One timer is the budget of the call; a wait before another attempt is the second.
  const afterWaiting = async (ms: number): Promise<void> => {
    await timersRunning(2);
    pass(ms - 1);
    expect(app.wix.count(ECHO)).toBe(1);
    pass(1);
    await app.wix.waitFor(ECHO, { times: 2 });
  };

  it('is repeated after a random part of a growing bound when Wix throttles it', async () => {
    fail({ status: 429, times: 2 });
    const answer = send('get');
    await afterWaiting(100);
    await timersRunning(2);
    pass(200);
    expect(await answer).toMatchObject({ status: 200 });
    expect(app.wix.count(ECHO)).toBe(3);
  });

  it('is repeated at the time that Wix named', async () => {
    fail({ status: 429, headers: { 'retry-after': '3' }, times: 1 });
    const answer = send('get');
    await afterWaiting(3_000);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it.each([502, 503, 504])('is repeated when Wix is busy (%i)', async (status) => {
    fail({ status, times: 1 });
    const answer = send('get');
    await afterWaiting(100);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it.each(['head', 'put', 'delete'])('is repeated when it is idempotent, such as %s', async (method) => {
    fail({ status: 503, times: 1 });
    const answer = send(method);
    await afterWaiting(100);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it.each(['post', 'patch'])('is not repeated when that might change something twice (%s)', async (method) => {
    fail({ status: 503 });
    const error = await errorOf(() => send(method, { data: {} }));
    expect(error).toMatchObject({ code: 'WIX_API_ERROR', status: 503, retryable: true });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('is repeated with any method if the caller says so, with the same body', async () => {
    fail({ status: 429, times: 1 });
    const answer = send('post', { data: { name: 'Mug' }, retry: 'always' });
    await afterWaiting(100);
    expect(await answer).toMatchObject({ status: 200, data: { body: { name: 'Mug' } } });
  });

  it('is not repeated if the caller says so', async () => {
    fail({ status: 429 });
    expect(await errorOf(() => send('get', { retry: 'never' }))).toMatchObject({ status: 429 });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('is not repeated with a consumed body', async () => {
    fail({ status: 503 });
    const error = await errorOf(() => send('put', { data: Readable.from(['{}']), retry: 'always' }));
    expect(error).toMatchObject({ status: 503 });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it.each([400, 403, 404, 409, 428, 500, 501])('is not repeated when a retry cannot help (%i)', async (status) => {
    fail({ status });
    expect(await errorOf(() => send('get'))).toMatchObject({ code: 'WIX_API_ERROR', status });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('is given up after three more attempts', async () => {
    fail({ status: 503, headers: { 'x-wix-request-id': '1700000000.123' } });
    const error = errorOf(() => send('get'));
    for (const wait of [100, 200, 400]) {
      await timersRunning(2);
      pass(wait);
    }
    expect(await error).toMatchObject({ code: 'WIX_API_ERROR', status: 503, retryable: true });
    expect(app.wix.count(ECHO)).toBe(4);
  });

  it('is given up at once when Wix asks to wait longer than the budget', async () => {
    fail({ status: 429, headers: { 'retry-after': '60' } });
    const error = await errorOf(() => send('get'));
    expect(error).toMatchObject({ status: 429, retryable: true, retryAfterMs: 60_000 });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('is repeated as long as the wait fits into the budget', async () => {
    fail({ status: 503, headers: { 'retry-after': '9' }, times: 1 });
    const answer = send('get');
    await afterWaiting(9_000);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('is repeated when the connection is cut', async () => {
    fail({ reset: true, times: 1 });
    const answer = send('get');
    await afterWaiting(100);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('is repeated when the response breaks off', async () => {
    fail({ resetMidBody: true, times: 1 });
    const answer = send('get');
    await afterWaiting(100);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('reports a missing response when it must not be repeated', async () => {
    fail({ resetMidBody: true });
    expect(await errorOf(() => send('post', { data: {} }))).toMatchObject({ code: 'WIX_UNAVAILABLE' });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('is aborted when its budget ends, including every retry', async () => {
    fail({ hang: true });
    const error = errorOf(() => send('get'));
    await app.wix.waitFor(ECHO);
    pass(10_000);
    expect(await error).toMatchObject({ code: 'WIX_UNAVAILABLE' });
    await app.wix.requests.at(-1)?.settled;
    expect(app.wix.requests.at(-1)).toMatchObject({ aborted: true });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('accepts a budget of its own', async () => {
    fail({ hang: true });
    const error = errorOf(() => send('get', { timeout: 500 }));
    await app.wix.waitFor(ECHO);
    pass(500);
    expect(await error).toMatchObject({ code: 'WIX_UNAVAILABLE' });
  });

  it('waits as long as Wix asks when it has no budget', async () => {
    fail({ status: 429, headers: { 'retry-after': '3600' }, times: 1 });
    const answer = send('get', { timeout: 0 });
    await afterWaiting(3_600_000);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('is given up when Wix asks to wait for longer than a timer can', async () => {
    fail({ status: 429, headers: { 'retry-after': '2147484' } });
    expect(await errorOf(() => send('get', { timeout: 0 }))).toMatchObject({ status: 429 });
    expect(app.wix.count(ECHO)).toBe(1);
  });

  it('leaves no timer behind', async () => {
    await send('get');
    await timersRunning(0);
    fail({ status: 500 });
    await errorOf(() => send('get'));
    await timersRunning(0);
  });

  it('does not count a missing token as an attempt', async () => {
    app.wix.fail('/oauth2/token', { html: true });
    app.wix.revoke((await app.tokens.accessTokenFor(app.instance)).value);
    expect(await errorOf(() => firstValueFrom(app.http.asInstance(app.instance).get(PRODUCTS)))).toMatchObject({
      code: 'WIX_UNAVAILABLE',
    });
    expect(app.wix.count(PRODUCTS)).toBe(1);
  });
});
