import { request as httpRequest } from 'node:http';
import { createPrivateKey } from 'node:crypto';

import {
  Body,
  Controller,
  Injectable,
  Module,
  Post,
  SetMetadata,
  VersioningType,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD, NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EmulatedApp } from '../../src/testing/emulator/world/emulated-app.js';

import { OnWixEvent } from '../../src/webhooks/events/on-wix-event.decorator.js';
import type { WixEvent } from '../../src/webhooks/events/wix-event.js';
import { WixRawBody } from '../../src/signed-requests/bodies/captured-body.js';
import type { WixWebhookOptions } from '../../src/webhooks/webhook.options.js';
import { WixWebhookService } from '../../src/webhooks/wix-webhook.service.js';
import { CapturedLogs } from '../support/captured-logs.js';
import { platforms, startApp, type RunningApp, type StartOptions } from '../support/running-app.js';
import { rs256 } from '../unit/webhooks/signing.js';
import { webhookModule } from './webhook-app.js';

const app = new EmulatedApp();
const key = createPrivateKey(app.privateKey);
const INSTANCE_ID = '9f9c5c16-59c8-4708-8c25-855505daa954';
let events = 0;

const webhook = (type = 'AppInstalled', data: object = { appId: app.appId, number: ++events }): string =>
  rs256(
    {
      data: JSON.stringify({ eventType: type, instanceId: INSTANCE_ID, data: JSON.stringify(data) }),
      iat: Math.floor(Date.now() / 1_000),
      exp: Math.floor(Date.now() / 1_000) + 600,
    },
    key,
  );

@Injectable()
class Seen {
  readonly events: WixEvent[] = [];

  @OnWixEvent('*')
  see(event: WixEvent): void {
    this.events.push(event);
  }
}

@Controller('echo')
class EchoController {
  @Post()
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Controller('hooks')
class OwnRouteController {
  constructor(private readonly webhooks: WixWebhookService) {}

  @Post()
  async receive(@WixRawBody() body: Buffer): Promise<string> {
    await this.webhooks.receive(body);
    return 'taken';
  }
}

@Injectable()
class StrictGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return Reflect.hasMetadata('open', context.getClass());
  }
}

interface Sent {
  readonly status: number;
  readonly body: string;
}

/** Sends bytes with exactly these headers; `fetch` would add a content type. */
function send(url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject).end(body);
  });
}

describe.each(platforms)('webhooks on %s', (platform) => {
  let running: RunningApp | undefined;

  const start = async (options = {}, start: StartOptions = {}): Promise<{ url: string; seen: Seen }> => {
    const controllers = 'controller' in options ? [EchoController, OwnRouteController] : [EchoController];
    const parts = { imports: [webhookModule(app, options)], providers: [Seen], controllers };
    running = await startApp(platform, parts, start);
    return { url: running.url, seen: running.app.get(Seen) };
  };
  afterEach(() => running?.close());

  it.each(['text/plain', 'application/json', 'application/jwt', 'application/x-www-form-urlencoded', undefined])(
    'are accepted with the content type %s',
    async (type) => {
      const { url, seen } = await start();
      const answer = await send(`${url}/wix/webhooks`, webhook(), type === undefined ? {} : { 'content-type': type });
      expect(answer.status).toBe(200);
      expect(seen.events).toMatchObject([{ type: 'AppInstalled', instanceId: INSTANCE_ID }]);
    },
  );

  it('are accepted without a content length', async () => {
    const { url, seen } = await start();
    expect((await send(`${url}/wix/webhooks`, webhook(), { 'transfer-encoding': 'chunked' })).status).toBe(200);
    expect(seen.events).toHaveLength(1);
  });

  it("do not change the application's own parsers", async () => {
    const { url } = await start();
    const answer = await send(`${url}/echo`, '{"a":1}', { 'content-type': 'application/json' });
    expect(answer).toEqual({ status: 201, body: '{"a":1}' });
  });

  it('arrive under a global prefix and beside versions', async () => {
    const { url, seen } = await start(
      { path: '/events' },
      {
        configure: (nest) => {
          nest.setGlobalPrefix('api');
          nest.enableVersioning({ type: VersioningType.URI, defaultVersion: '2' });
        },
      },
    );
    expect((await send(`${url}/api/events`, webhook(), { 'content-type': 'application/json' })).status).toBe(200);
    expect(seen.events).toHaveLength(1);
  });

  it("are passed on by the application's own route", async () => {
    const { url, seen } = await start({ controller: false, path: 'hooks' });
    const answer = await send(`${url}/hooks`, webhook(), { 'content-type': 'application/json' });
    expect(answer).toEqual({ status: 201, body: 'taken' });
    expect(seen.events).toHaveLength(1);
  });

  it('are answered 401 and reach no handler when they are forged', async () => {
    const { url, seen } = await start();
    const answer = await send(`${url}/wix/webhooks`, '{"eventType":"AppInstalled"}');
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ statusCode: 401, code: 'WIX_CREDENTIALS_REJECTED' });
    expect(seen.events).toEqual([]);
  });

  it.each([{}, { 'transfer-encoding': 'chunked' }])(
    'are answered 413 when they are too large, each with its size in the log (%j)',
    async (headers) => {
      const logs = new CapturedLogs();
      const configure = (nest: INestApplication): void => nest.useLogger(logs);
      const { url, seen } = await start({ maxBodyBytes: 200 }, { configure });
      const bodies = [webhook(), webhook('AppInstalled', { text: 'x'.repeat(1_000) })];
      for (const body of bodies) expect((await send(`${url}/wix/webhooks`, body, headers)).status).toBe(413);

      expect(seen.events).toEqual([]);
      const lines = logs.of('warn', 'WixAuthModule').filter((line) => line.includes('answered 413'));
      expect(lines.map((line) => bodies.findIndex(({ length }) => line.includes(String(length))))).toEqual([0, 1]);
    },
  );

  it('are answered 415 when they are compressed', async () => {
    const { url, seen } = await start();
    expect((await send(`${url}/wix/webhooks`, webhook(), { 'content-encoding': 'gzip' })).status).toBe(415);
    expect(seen.events).toEqual([]);
  });

  it('arrive in an application created by NestFactory', async () => {
    @Module({ imports: [webhookModule(app, {})], providers: [Seen], controllers: [EchoController] })
    class AppModule {}
    const adapter: AbstractHttpAdapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
    const nest = await NestFactory.create(AppModule, adapter, { logger: false });
    await nest.listen(0, '127.0.0.1');
    running = { app: nest, url: await nest.getUrl(), close: () => nest.close() };
    const answer = await send(`${running.url}/wix/webhooks`, webhook(), { 'content-type': 'application/json' });
    expect(answer.status).toBe(200);
    expect(nest.get(Seen).events).toHaveLength(1);
  });

  it("pass the application's guards when a decorator of theirs allows it", async () => {
    const parts = (webhooks: WixWebhookOptions) => ({
      imports: [webhookModule(app, webhooks)],
      providers: [{ provide: APP_GUARD, useClass: StrictGuard }],
    });
    running = await startApp(platform, parts({}));
    expect((await send(`${running.url}/wix/webhooks`, webhook())).status).toBe(403);
    await running.close();
    running = await startApp(platform, parts({ decorators: [SetMetadata('open', true)] }));
    expect((await send(`${running.url}/wix/webhooks`, webhook())).status).toBe(200);
  });

  it('pass the global guard of WixAuthModule, which refuses all others', async () => {
    const imports = [webhookModule(app, {}, [], { globalGuard: true })];
    running = await startApp(platform, { imports, controllers: [EchoController] });
    expect((await send(`${running.url}/wix/webhooks`, webhook())).status).toBe(200);
    expect((await send(`${running.url}/echo`, '')).status).toBe(401);
  });

  it('are answered 200 when there is no handler for them', async () => {
    running = await startApp(platform, { imports: [webhookModule(app, {})] });
    expect((await send(`${running.url}/wix/webhooks`, webhook('SomethingNew'))).status).toBe(200);
  });
});
