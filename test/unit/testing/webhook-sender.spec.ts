import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WixEmulator, type EmulatedInstall } from 'nestjs-wix-auth/testing';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Arrival {
  readonly atMs: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('webhooks sent by the emulator', () => {
  let wix: WixEmulator;
  let install: EmulatedInstall;
  let server: Server;
  let url: string;
  let arrivals: Arrival[];
  let answer: (response: ServerResponse) => unknown;

  beforeEach(async () => {
    wix = await WixEmulator.start();
    install = wix.install(wix.addApp(), wix.addSite());
    arrivals = [];
    answer = (response) => response.end();
    server = createServer((request, response) => {
      void textOf(request).then((body) => {
        arrivals.push({ atMs: performance.now(), headers: request.headers, body });
        answer(response);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hooks`;
  });
  afterEach(async () => {
    await wix.stop();
    server.closeAllConnections();
    server.close();
  });

  it('nest JSON in strings, with the data of an installation', async () => {
    const delivery = wix.send.webhook(install, url, { type: 'AppInstalled' });
    await expect(delivery.delivered).resolves.toBe(true);
    expect(arrivals[0]?.headers['content-type']).toBe('text/plain');
    const outer = JSON.parse(String(claimsIn(arrivals[0]?.body ?? '')['data'])) as Record<string, string>;
    expect(outer).toMatchObject({ eventType: 'AppInstalled', instanceId: install.instanceId });
    expect(JSON.parse(outer['data'] ?? '')).toEqual({ appId: install.app.appId });
  });

  it("are resent 12 times by Wix's schedule, unchanged, until they are given up", async () => {
    answer = (response) => response.writeHead(500).end();
    const delivery = wix.send.webhook(install, url, { type: 'AppInstalled' }, { speed: 100_000 });
    await expect(delivery.delivered).resolves.toBe(false);
    expect(delivery.attempts.map(({ status }) => status)).toEqual(Array.from({ length: 13 }, () => 500));
    expect(new Set(arrivals.map(({ body }) => body)).size).toBe(1);
    const schedule = [MINUTE_MS, 10 * MINUTE_MS, ...[1, 2, 2, 2, 4, 4, 4, 8, 8, 12].map((hours) => hours * HOUR_MS)];
    const pausesMs = arrivals.slice(1).map(({ atMs }, index) => atMs - (arrivals[index]?.atMs ?? 0));
    pausesMs.forEach((pauseMs, index) => expect(pauseMs).toBeGreaterThan((schedule[index] ?? 0) / 100_000 - 2));
  });

  it('count as failed when they are not answered within 1250 ms', async () => {
    answer = () => undefined;
    const startedMs = performance.now();
    const delivery = wix.send.webhook(install, url, { type: 'AppInstalled' }, { retries: 0 });
    await expect(delivery.first).resolves.toEqual({ status: 0, body: '' });
    expect(performance.now() - startedMs).toBeGreaterThan(1_200);
  });

  it('arrive several times at once when configured', async () => {
    await wix.send.webhook(install, url, { type: 'AppInstalled' }, { duplicates: 3 }).delivered;
    while (arrivals.length < 4) await new Promise(setImmediate);
    expect(new Set(arrivals.map(({ body }) => body)).size).toBe(1);
  });

  it('nest JSON in objects when configured', () => {
    const body = wix.send.webhookBody(install, { type: 'x', data: { id: '1' } }, { nesting: 'objects' });
    expect(claimsIn(body)).toMatchObject({ data: { eventType: 'x', data: { id: '1' } } });
  });

  it('stop when the emulator stops', async () => {
    answer = (response) => response.writeHead(500).end();
    const delivery = wix.send.webhook(install, url, { type: 'AppInstalled' }, { speed: 1_000 });
    await delivery.first;
    await wix.stop();
    await expect(delivery.delivered).resolves.toBe(false);
    expect(arrivals.length).toBeLessThan(3);
  });
});

function claimsIn(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
