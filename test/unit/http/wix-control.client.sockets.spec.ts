import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';

import { jest } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import axios from 'axios';

import { SystemClock } from '../../../src/core/clock.js';
import { WixAgents } from '../../../src/http/wix-agents.js';
import { WixControlClient, type ControlRequest } from '../../../src/http/wix-control.client.js';
import { APP_SECRET } from '../../support/app.js';
import { codeOf } from '../../support/code-of.js';
import { LocalServer } from '../../support/local-server.js';

const QUESTION: ControlRequest = {
  method: 'POST',
  path: '/oauth2/token',
  body: { client_secret: APP_SECRET },
  repeatable: false,
  lane: 'control',
};

describe('WixControlClient on a socket', () => {
  const servers: LocalServer[] = [];
  const agents: WixAgents[] = [];

  const serve = async (listener: RequestListener): Promise<{ server: LocalServer; url: string }> => {
    const server = new LocalServer(listener);
    servers.push(server);
    return { server, url: await server.start() };
  };

  const clientOf = (apiUrl: string, requestTimeoutMs = 5_000): WixControlClient => {
    const connections = new WixAgents();
    agents.push(connections);
    return new WixControlClient(new HttpService(axios.create()), connections, new SystemClock(), {
      apiUrl,
      requestTimeoutMs,
      maxWaitMs: 10_000,
    });
  };

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const connections of agents.splice(0)) connections.close();
    for (const server of servers.splice(0)) await server.stop();
  });

  it.each([301, 302, 307, 308])('does not follow a redirect (%d): it would post the secret again', async (status) => {
    let bait = 0;
    const elsewhere = await serve((_request, response) => {
      bait += 1;
      response.end('{}');
    });
    const { url } = await serve((_request, response) => {
      response.writeHead(status, { location: `${elsewhere.url}/` }).end();
    });

    expect(await codeOf(() => clientOf(url).send(QUESTION))).toBe('WIX_UNAVAILABLE');
    expect(bait).toBe(0);
  });

  it('reads at most a megabyte, even when it is compressed', async () => {
    const json = (length: number): string => JSON.stringify({ text: 'x'.repeat(length) });
    const { url } = await serve((request, response) => {
      if (request.url === '/fits') response.end(json(1_000_000));
      else if (request.url === '/large') response.end(json(1_100_000));
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(json(5_000_000)));
    });
    const client = clientOf(url);

    expect(await client.send({ ...QUESTION, path: '/fits' })).toMatchObject({ status: 200 });
    expect(await codeOf(() => client.send({ ...QUESTION, path: '/large' }))).toBe('WIX_UNAVAILABLE');
    expect(await codeOf(() => client.send({ ...QUESTION, path: '/bomb' }))).toBe('WIX_UNAVAILABLE');
  });

  it('bypasses a proxy that the environment names', async () => {
    let overheard = 0;
    const proxy = await serve((_request, response) => {
      overheard += 1;
      response.end('{}');
    });
    const { url } = await serve((_request, response) => response.end('{"direct":true}'));
    jest.replaceProperty(process, 'env', { HTTP_PROXY: proxy.url, http_proxy: proxy.url });

    expect(await clientOf(url).send(QUESTION)).toMatchObject({ body: { direct: true } });
    expect(overheard).toBe(0);
  });

  it('ignores what the application set for its own requests', async () => {
    const { defaults } = axios;
    const { url } = await serve((request, response) => {
      const { method, url: path, headers } = request;
      response.end(JSON.stringify({ method, path, headers }));
    });
    const proxy = await serve((_request, response) => response.end('{}'));
    const { port } = new URL(proxy.url);
    const before = { ...defaults, headers: { ...defaults.headers, common: { ...defaults.headers.common } } };
    Object.assign(defaults, {
      timeout: 1,
      baseURL: proxy.url,
      allowAbsoluteUrls: false,
      params: { key: 'of-another-service' },
      auth: { username: 'somebody', password: 'of-another-service' },
      proxy: { host: '127.0.0.1', port: Number(port) },
    });
    defaults.headers.common['x-api-key'] = 'of-another-service';
    Object.assign(defaults.headers.post, { 'x-post-key': 'of-another-service' });
    const client = clientOf(url);
    Object.assign(defaults, before);
    for (const name of ['baseURL', 'allowAbsoluteUrls', 'params', 'auth', 'proxy'])
      Reflect.deleteProperty(defaults, name);
    Reflect.deleteProperty(defaults.headers.post, 'x-post-key');

    const { body } = await client.send(QUESTION);
    expect(body).toMatchObject({ method: 'POST', path: '/oauth2/token' });
    expect(body).toMatchObject({ headers: { 'content-type': 'application/json' } });
    expect(JSON.stringify(body)).not.toContain('of-another-service');
    expect(body).not.toHaveProperty('headers.authorization');
  });

  it('reuses its connection for the next request', async () => {
    const { server, url } = await serve((_request, response) => response.end('{}'));
    const client = clientOf(url);
    await client.send(QUESTION);
    await client.send(QUESTION);

    expect(server.connections).toBe(1);
  });

  it('closes the connection when its time is over', async () => {
    const hanging: IncomingMessage[] = [];
    const { url } = await serve((request) => hanging.push(request));
    const code = await codeOf(() => clientOf(url, 50).send(QUESTION));
    const [request] = hanging;

    expect(code).toBe('WIX_UNAVAILABLE');
    if (request?.socket.destroyed === false) await once(request.socket, 'close');
    expect(request?.socket.destroyed).toBe(true);
  });

  it('answers WIX_UNAVAILABLE when the connection breaks in the middle of the body', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"half":');
      setImmediate(() => response.destroy());
    });

    expect(await codeOf(() => clientOf(url).send(QUESTION))).toBe('WIX_UNAVAILABLE');
  });

  it.each([
    ['a flood of unknown tokens', 'introspection'],
    ['callbacks of installations', 'install'],
  ] as const)('does not let %s delay minting', async (_what, lane) => {
    const { server, url } = await serve((request, response) => {
      if (request.url === '/oauth2/token') response.end('{"minted":true}');
    });
    const client = clientOf(url);
    const flood = Array.from({ length: 40 }, () =>
      codeOf(() => client.send({ ...QUESTION, path: '/oauth2/token-info', lane })),
    );

    expect(await client.send(QUESTION)).toMatchObject({ body: { minted: true } });
    await server.stop();
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['WIX_UNAVAILABLE']));
  });
});
