import type { HttpService } from '@nestjs/axios';
import { firstValueFrom } from 'rxjs';

import { codeOf, errorOf } from '../../support/code-of.js';
import { CallingApp, PRODUCTS, STORE } from './calling-app.js';

const ECHO = '/emulator/echo';

describe('axiosRef', () => {
  let app: CallingApp;

  beforeEach(async () => {
    app = await CallingApp.start();
  });
  afterEach(() => app.stop());

  const client = () => app.http.asInstance(app.instance);

  describe('of the service', () => {
    it('has interceptors for every call', async () => {
      app.http.axiosRef.interceptors.request.use((config) => {
        config.headers.set('x-wix-linguist', 'en');
        return config;
      });
      app.http.axiosRef.interceptors.response.use((response) => ({ ...response, statusText: 'intercepted' }));
      const viaObservable = await firstValueFrom(client().get(ECHO));
      const viaPromise = await client().axiosRef.get(ECHO);
      for (const { data, statusText } of [viaObservable, viaPromise]) {
        expect(statusText).toBe('intercepted');
        expect(data).toMatchObject({ headers: { 'x-wix-linguist': 'en' } });
      }
    });

    it('shows interceptors our errors', async () => {
      const seen: unknown[] = [];
      app.http.axiosRef.interceptors.response.use(undefined, (error: unknown) => {
        seen.push(error);
        throw error;
      });
      await errorOf(() => firstValueFrom(client().get(`${STORE}/7`)));
      expect(seen).toEqual([expect.objectContaining({ code: 'WIX_API_ERROR', status: 404 })]);
    });

    it('sends nothing by itself', async () => {
      expect(await codeOf(() => app.http.axiosRef.get(PRODUCTS))).toBe('WIX_MISCONFIGURED');
      expect(app.wix.count()).toBe(0);
    });
  });

  describe('of a client', () => {
    it('calls on behalf of the client, with promises', async () => {
      expect(await client().axiosRef.get(PRODUCTS)).toMatchObject({ status: 200 });
      expect(await client().axiosRef({ url: PRODUCTS })).toMatchObject({ status: 200 });
      expect(await errorOf(() => client().axiosRef.get(`${STORE}/7`))).toMatchObject({ code: 'WIX_API_ERROR' });
    });

    it('replaces refused tokens, too', async () => {
      app.wix.revoke((await app.tokens.accessTokenFor(app.instance)).value);
      expect(await client().axiosRef.get(PRODUCTS)).toMatchObject({ status: 200 });
    });

    it("belongs to an object with the interface of Nest's HttpService", () => {
      // Checked by the compiler.
      const like: Pick<HttpService, 'axiosRef' | 'delete' | 'get' | 'head' | 'patch' | 'post' | 'put' | 'request'> =
        client();
      expect(like.axiosRef).toBeDefined();
    });

    it('is always the same object', () => {
      const one = client();
      expect(one.axiosRef).toBe(one.axiosRef);
    });

    it('has interceptors for this client alone', async () => {
      const one = client();
      one.axiosRef.interceptors.request.use((config) => {
        config.headers.set('x-wix-linguist', 'de');
        return config;
      });
      expect((await firstValueFrom(one.get(ECHO))).data).toMatchObject({ headers: { 'x-wix-linguist': 'de' } });
      const other = await firstValueFrom(client().get<{ headers: object }>(ECHO));
      expect(other.data.headers).not.toHaveProperty('x-wix-linguist');
    });

    it('leaves out interceptors that were ejected', async () => {
      const eject = app.http.axiosRef.interceptors.request.use(() => Promise.reject(new Error('still here')));
      app.http.axiosRef.interceptors.request.eject(eject);
      expect(await client().axiosRef.get(PRODUCTS)).toMatchObject({ status: 200 });
    });

    it('aborts its calls when the response is no longer needed', async () => {
      const one = client();
      expect(one.axiosRef.defaults.baseURL).toBe(app.wix.url);
      app.wix.fail(PRODUCTS, { hang: true });
      const subscription = one.get(PRODUCTS).subscribe();
      await app.wix.waitFor(PRODUCTS);
      subscription.unsubscribe();
      await app.wix.requests.at(-1)?.settled;
      expect(app.wix.requests.at(-1)).toMatchObject({ aborted: true });
    });
  });
});
