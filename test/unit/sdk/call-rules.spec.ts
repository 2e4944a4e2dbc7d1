import type { HttpClient } from '@wix/sdk';
import type { EmulatorFault } from 'nestjs-wix-auth/testing';

import { WixSdkClientFactory } from '../../../src/sdk/wix-sdk-client.factory.js';
import { errorOf } from '../../support/code-of.js';
import { LocalServer } from '../../support/local-server.js';
import { CallingApp, PRODUCTS, type CallingOptions } from '../client/calling-app.js';
import { fakeWaits, halfJitter, pass, timersRunning } from '../client/fake-waits.js';

const WIX = 'https://www.wixapis.com';
const ECHO = '/emulator/echo';
const GRAPHQL = '/graphql/alpha';

/** A module as those of Wix's packages are built: it reads with GET, or changes something with POST. */
const things = {
  read: (http: HttpClient) => async () => (await http.request<object>(() => ({ method: 'GET', url: ECHO }))).data,
  change: (http: HttpClient) => async () =>
    (await http.request<object>(() => ({ method: 'POST', url: ECHO, data: { a: 1 } }))).data,
  fetch: (http: HttpClient) => async () => (await http.fetchWithAuth(`${WIX}${ECHO}`)).status,
  wixFetch: (http: HttpClient) => async () => (await http.wixAPIFetch(ECHO, {})).status,
};

describe('The rules of calls, followed by clients of the SDK', () => {
  let app: CallingApp;
  let sdk: WixSdkClientFactory;

  fakeWaits();
  const start = async (options: CallingOptions = {}) => {
    app = await CallingApp.start(options);
    sdk = new WixSdkClientFactory(app.parts, app.settings);
    await app.tokens.accessTokenFor(app.instance);
    app.wix.resetLog();
  };
  afterEach(() => app.stop());

  const client = () => sdk.asInstance(app.instance, { things });
  type Client = Awaited<ReturnType<typeof client>>;

  /** Every way to send something with a client. */
  const ways: [string, string, (client: Client) => Promise<unknown>][] = [
    ['a module', ECHO, ({ things: module }) => module.read()],
    ['a change by a module', ECHO, ({ things: module }) => module.change()],
    ['fetchWithAuth of a module', ECHO, ({ things: module }) => module.fetch()],
    ['wixAPIFetch of a module', ECHO, ({ things: module }) => module.wixFetch()],
    ['fetchWithAuth', ECHO, ({ fetchWithAuth }) => fetchWithAuth(`${WIX}${ECHO}`)],
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- It is there, so it keeps the rules as well.
    ['fetch', ECHO, ({ fetch }) => fetch(ECHO, { method: 'POST', body: '{}' })],
    ['GraphQL', GRAPHQL, ({ graphql }) => graphql('{ thing }')],
  ];
  const fail = (fault: EmulatorFault, path = ECHO) => app.wix.fail(path, fault);

  describe.each(ways)('%s', (_way, path, send) => {
    it('ends when the time limit of a call is over', async () => {
      await start({ timeoutMs: 5_000 });
      fail({ hang: true }, path);
      const error = errorOf(async () => send(await client()));
      await app.wix.waitFor(path);
      await timersRunning(1);
      pass(5_000);
      expect(await error).toMatchObject({ code: 'WIX_UNAVAILABLE', message: expect.stringContaining('5000 ms') });
      await app.wix.requests.at(-1)?.settled;
      expect(app.wix.requests.at(-1)).toMatchObject({ aborted: true });
    });

    it('accepts no response beyond the limit', async () => {
      await start({ maxResponseBytes: 1_000 });
      fail({ status: 200, body: { text: 'x'.repeat(1_000) } }, path);
      const error = await errorOf(async () => send(await client()));
      expect(error).toMatchObject({ code: 'WIX_MISCONFIGURED', message: expect.stringContaining('maxResponseBytes') });
    });

    it.each([301, 302, 303, 307, 308])('sends nothing to the target of a redirect (%i)', async (status) => {
      await start();
      const requests: string[] = [];
      const foreign = new LocalServer((request, response) => {
        requests.push(request.url ?? '');
        response.end('{}');
      });
      const location = `${await foreign.start()}/stolen`;
      fail({ status, headers: { location } }, path);
      await errorOf(async () => send(await client()));
      expect({ connections: foreign.connections, requests }).toEqual({ connections: 0, requests: [] });
      expect(app.wix.count()).toBe(1);
      await foreign.stop();
    });
  });

  it('repeats a read call at the time that Wix named', async () => {
    await start();
    halfJitter();
    fail({ status: 429, headers: { 'retry-after': '3' }, times: 1 });
    const answer = (await client()).things.read();
    await timersRunning(2);
    pass(3_000);
    expect(await answer).toMatchObject({ path: ECHO });
    expect(app.wix.count(ECHO)).toBe(2);
  });

  it('repeats a change only for a client that allows it', async () => {
    await start();
    halfJitter();
    fail({ status: 503, times: 2 });
    expect(await errorOf(async () => (await client()).things.change())).toMatchObject({ status: 503 });
    expect(app.wix.count(ECHO)).toBe(1);
    const always = await sdk.asInstance(app.instance, { things }, { retry: 'always' });
    const answer = always.things.change();
    await timersRunning(2);
    pass(100);
    expect(await answer).toMatchObject({ method: 'POST', body: { a: 1 } });
  });

  it('follows a redirect within the API', async () => {
    await start();
    app.wix.fail(PRODUCTS, { status: 302, headers: { location: `${ECHO}?a=1` } });
    const { fetchWithAuth } = await client();
    const answer = await fetchWithAuth(`${WIX}${PRODUCTS}`);
    expect(await answer.json()).toMatchObject({ path: ECHO, query: { a: '1' } });
    const manual = await fetchWithAuth(`${WIX}${PRODUCTS}`, { redirect: 'manual' });
    expect([manual.status, manual.headers.get('location')]).toEqual([302, `${ECHO}?a=1`]);
  });

  describe('and cancelled calls', () => {
    it('end, and close the connection', async () => {
      await start();
      fail({ hang: true });
      const abortion = new AbortController();
      const error = errorOf(async () => (await client()).fetchWithAuth(`${WIX}${ECHO}`, { signal: abortion.signal }));
      await app.wix.waitFor(ECHO);
      abortion.abort();
      expect(await error).toMatchObject({ name: 'AbortError' });
      await app.wix.requests.at(-1)?.settled;
      expect(app.wix.requests.at(-1)).toMatchObject({ aborted: true });
    });

    it.each(ways)('end with the signal of the client: %s', async (_way, path, send) => {
      await start();
      fail({ hang: true }, path);
      const abortion = new AbortController();
      const bound = await sdk.asInstance(app.instance, { things }, { signal: abortion.signal });
      const error = errorOf(() => send(bound));
      await app.wix.waitFor(path);
      abortion.abort();
      expect(await error).toMatchObject({ name: 'AbortError', cause: abortion.signal.reason });
      expect(await errorOf(() => send(bound))).toMatchObject({ name: 'AbortError' });
      expect(app.wix.count()).toBe(1);
    });
  });
});
