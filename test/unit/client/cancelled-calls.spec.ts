import axios from 'axios';
import { firstValueFrom, forkJoin } from 'rxjs';

import { errorOf } from '../../support/code-of.js';
import { turns } from '../../support/deferred.js';
import { CallingApp, MINT, PRODUCTS } from './calling-app.js';
import { fakeWaits, timersRunning } from './fake-waits.js';

describe('A call as an Observable', () => {
  let app: CallingApp;

  fakeWaits();
  beforeEach(async () => {
    app = await CallingApp.start();
  });
  afterEach(() => app.stop());

  const list = () => app.http.asInstance(app.instance).get(PRODUCTS);

  it('sends nothing before the first subscription, and then once per subscription', async () => {
    const products = list();
    await turns();
    expect(app.wix.count()).toBe(0);
    await firstValueFrom(forkJoin([products, products]));
    expect(app.wix.count(PRODUCTS)).toBe(2);
    expect(app.mints).toBe(1);
  });

  it('closes the connection when the response is no longer needed', async () => {
    app.wix.fail(PRODUCTS, { hang: true });
    const subscription = list().subscribe();
    await app.wix.waitFor(PRODUCTS);
    subscription.unsubscribe();
    const request = app.wix.requests.at(-1);
    await request?.settled;
    expect(request).toMatchObject({ path: PRODUCTS, aborted: true });
    await timersRunning(0);
  });

  it('is not sent again after that', async () => {
    await app.tokens.accessTokenFor(app.instance);
    app.wix.fail(PRODUCTS, { status: 503 });
    const subscription = list().subscribe();
    await timersRunning(2);
    subscription.unsubscribe();
    await timersRunning(0);
    expect(app.wix.count(PRODUCTS)).toBe(1);
  });

  it('is not sent when the response is no longer needed by the time there is a token', async () => {
    const mint = app.wix.fail(MINT, { hang: true });
    const subscription = list().subscribe();
    await app.wix.waitFor(MINT);
    subscription.unsubscribe();
    mint.clear();
    await turns();
    expect(app.wix.count(PRODUCTS)).toBe(0);
  });

  it('is not sent when the response is no longer needed before the interceptors finish', async () => {
    let leave: (() => void) | undefined;
    const entered = new Promise<void>((enter) => {
      app.http.axiosRef.interceptors.request.use(async (config) => {
        enter();
        await new Promise<void>((resolve) => (leave = resolve));
        return config;
      });
    });
    const subscription = list().subscribe();
    await entered;
    subscription.unsubscribe();
    leave?.();
    await turns();
    await turns();
    expect(app.wix.count()).toBe(0);
  });

  it('fails as cancelled when its signal says so', async () => {
    app.wix.fail(PRODUCTS, { hang: true });
    const abortion = new AbortController();
    const error = errorOf(() =>
      firstValueFrom(app.http.asInstance(app.instance).get(PRODUCTS, { signal: abortion.signal })),
    );
    await app.wix.waitFor(PRODUCTS);
    abortion.abort();
    expect(axios.isCancel(await error)).toBe(true);
    await app.wix.requests.at(-1)?.settled;
    expect(app.wix.requests.at(-1)).toMatchObject({ aborted: true });
  });

  it('is not sent when its signal was already aborted', async () => {
    const call = app.http.asInstance(app.instance).get(PRODUCTS, { signal: AbortSignal.abort() });
    expect(axios.isCancel(await errorOf(() => firstValueFrom(call)))).toBe(true);
    expect(app.wix.count()).toBe(0);
  });

  it('fails as cancelled when its cancel token says so', async () => {
    app.wix.fail(PRODUCTS, { hang: true });
    const { token, cancel } = axios.CancelToken.source();
    const error = errorOf(() =>
      firstValueFrom(app.http.asInstance(app.instance).get(PRODUCTS, { cancelToken: token })),
    );
    await app.wix.waitFor(PRODUCTS);
    cancel();
    expect(axios.isCancel(await error)).toBe(true);
    expect(app.wix.count(PRODUCTS)).toBe(1);
  });
});
