import { Readable } from 'node:stream';

import { firstValueFrom } from 'rxjs';

import { codeOf, errorOf } from '../../support/code-of.js';
import { newProduct } from '../../support/new-product.js';
import { CallingApp, PRODUCTS, STORE } from './calling-app.js';

describe('A token that Wix refuses', () => {
  let app: CallingApp;

  beforeEach(async () => {
    app = await CallingApp.start();
  });
  afterEach(() => app.stop());

  const client = () => app.http.asInstance(app.instance);
  const list = () => firstValueFrom(client().get(PRODUCTS));
  const revokeCurrent = async () => app.wix.revoke((await app.tokens.accessTokenFor(app.instance)).value);

  it('is replaced, and the call repeated', async () => {
    await list();
    await revokeCurrent();
    expect(await list()).toMatchObject({ status: 200 });
    expect(app.mints).toBe(2);
    expect(app.wix.count(PRODUCTS)).toBe(3);
  });

  it('is replaced for a POST too, because Wix refused it before any change', async () => {
    await revokeCurrent();
    const product = { product: newProduct('Mug') };
    expect(await firstValueFrom(client().post(STORE, product))).toMatchObject({ status: 200 });
    expect(app.install.site.products).toHaveLength(1);
  });

  it('is replaced once for all calls that failed with it', async () => {
    await list();
    await revokeCurrent();
    const answers = await Promise.all(Array.from({ length: 50 }, list));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(app.mints).toBe(2);
  });

  it('is replaced as often as it is revoked', async () => {
    for (let round = 0; round < 3; round += 1) {
      await list();
      await revokeCurrent();
    }
    expect(await list()).toMatchObject({ status: 200 });
    expect(app.mints).toBe(4);
  });

  it('is reported to the caller when a new one is refused as well', async () => {
    app.wix.fail(PRODUCTS, { status: 401 });
    expect(await errorOf(list)).toMatchObject({ code: 'WIX_API_ERROR', status: 401, retryable: false });
    expect(app.wix.count(PRODUCTS)).toBe(2);
    expect(app.mints).toBe(2);
  });

  it('does not cause a mint per call when the cause is another', async () => {
    app.wix.fail(PRODUCTS, { status: 401 });
    for (let round = 0; round < 5; round += 1) expect(await codeOf(list)).toBe('WIX_API_ERROR');
    expect(app.mints).toBe(2);
    expect(app.wix.count(PRODUCTS)).toBe(6);
  });

  it('does not cause a mint per call when other calls succeed with it', async () => {
    app.wix.fail('/emulator/echo', { status: 401 });
    for (let round = 0; round < 5; round += 1) {
      expect(await codeOf(() => firstValueFrom(client().get('/emulator/echo')))).toBe('WIX_API_ERROR');
      await list();
    }
    expect(app.mints).toBe(2);
  });

  it('may be replaced again after a minute', async () => {
    const fault = app.wix.fail(PRODUCTS, { status: 401 });
    await codeOf(list);
    await revokeCurrent();
    fault.clear();
    expect(await codeOf(list)).toBe('WIX_API_ERROR');
    app.clock.advance(60_000);
    expect(await list()).toMatchObject({ status: 200 });
  });

  it('remains when a newer one is cached already', async () => {
    const old = await app.tokens.accessTokenFor(app.instance);
    const newer = await app.tokens.accessTokenFor(app.instance, { forceRefresh: true });
    const caller = app.callTokens.asInstance(app.instance);
    expect(await app.callTokens.replace(old, caller)).toBe(newer);
    expect(app.mints).toBe(2);
  });

  it('is replaced where the old Stores API says so with a 400', async () => {
    const body = { errorDescription: 'BadRequestException: could not extract identity - invalid_token' };
    app.wix.fail(PRODUCTS, { status: 400, body, times: 1 });
    expect(await list()).toMatchObject({ status: 200 });
    expect(app.mints).toBe(2);
  });

  it('is replaced even if the call accepts a 401', async () => {
    await revokeCurrent();
    const accepting = { validateStatus: () => true };
    expect(await firstValueFrom(client().get(PRODUCTS, accepting))).toMatchObject({ status: 200 });

    app.wix.fail(PRODUCTS, { status: 401 });
    expect(await firstValueFrom(client().get(PRODUCTS, accepting))).toMatchObject({ status: 401 });
  });

  it('is dropped without a retry of a body stream, which cannot be replayed', async () => {
    const upload = () =>
      firstValueFrom(
        client().post('/emulator/echo', Readable.from(['{"a":', '1}']), {
          headers: { 'content-type': 'application/json' },
        }),
      );
    app.wix.fail('/emulator/echo', { status: 401, times: 1 });
    expect(await errorOf(upload)).toMatchObject({ code: 'WIX_API_ERROR', status: 401 });
    expect(app.wix.count('/emulator/echo')).toBe(1);

    expect(await upload()).toMatchObject({ status: 200, data: { body: { a: 1 } } });
    expect(app.mints).toBe(2);
  });

  it('does not cause a mint per refused stream', async () => {
    app.wix.fail('/emulator/echo', { status: 401 });
    for (let round = 0; round < 5; round += 1) {
      await codeOf(() => firstValueFrom(client().post('/emulator/echo', Readable.from(['{}']))));
    }
    expect(app.mints).toBe(2);
  });

  it('is reported with the cause when there is no new one: the app was removed', async () => {
    await list();
    app.install.remove();
    expect(await codeOf(list)).toBe('WIX_INSTANCE_UNKNOWN');
  });

  it('is reported as an outage when Wix cannot issue a new one', async () => {
    await list();
    await revokeCurrent();
    app.wix.fail('/oauth2/token', { html: true });
    expect(await codeOf(list)).toBe('WIX_UNAVAILABLE');
  });
});
