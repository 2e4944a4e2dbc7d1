import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

import { Controller, Injectable, Post } from '@nestjs/common';
import { OnWixEvent, WixServicePlugin, WixServicePluginRequest, type WixEvent } from 'nestjs-wix-auth';

import { CapturedLogs } from '../support/captured-logs.js';
import { call, platforms, startApp, type RunningApp } from '../support/running-app.js';
import { webhookModule } from './webhook-app.js';

const APP_ID = randomUUID();
const INSTANCE_ID = randomUUID();
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Signs claims that are JSON already: nothing but text can be as deep as these. */
function signed(claims: string): string {
  const parts = ['{"alg":"RS256","typ":"JWT"}', claims].map((part) => Buffer.from(part).toString('base64url'));
  return `${parts.join('.')}.${sign('sha256', Buffer.from(parts.join('.')), privateKey).toString('base64url')}`;
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
const listed = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const dates = () => {
  const now = Math.floor(Date.now() / 1_000);
  return `"iat":${String(now)},"exp":${String(now + 60)},"iss":"wix.com","aud":"${APP_ID}"`;
};
const event = (content: string, envelope = ''): string =>
  signed(`{${dates()},"data":{"eventType":"deep_created","instanceId":"${INSTANCE_ID}"${envelope},"data":${content}}}`);
const domain = (entity: string): string =>
  `{"id":"${randomUUID()}","entityFqdn":"deep","createdEvent":{"entity":${entity}}}`;
const eventAsJson = (levels: number): string =>
  event(
    `{"id":"${randomUUID()}","entityFqdn":"deep","createdEvent":{"entityAsJson":${JSON.stringify(nested(levels))}}}`,
  );
const plugin = (request: string, metadata = ''): string =>
  signed(`{${dates()},"data":{"request":${request},"metadata":{"instanceId":"${INSTANCE_ID}"${metadata}}}}`);

let reached = 0;

@Injectable()
class Handlers {
  @OnWixEvent('*')
  handle(one: WixEvent): void {
    reached += 1;
    // What handlers do with events, and what ends in a RangeError on deep ones.
    JSON.stringify(structuredClone({ ...one }));
  }
}

@Controller('plugin')
class PluginController {
  @Post()
  @WixServicePlugin()
  take(@WixServicePluginRequest() request: object): object {
    reached += 1;
    return request;
  }
}

describe.each(platforms)('A deeply nested request that Wix signed, on %s', (platform) => {
  const logs = new CapturedLogs();
  let running: RunningApp;

  const start = (maxDepth?: number) =>
    startApp(
      platform,
      {
        imports: [webhookModule({ appId: APP_ID, publicKey }, { maxDepth })],
        controllers: [PluginController],
        providers: [Handlers],
      },
      { configure: (app) => app.useLogger(logs) },
    );
  const post = (body: string, path = 'wix/webhooks', { url } = running) =>
    call(`${url}/${path}`, undefined, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });

  beforeAll(async () => {
    running = await start();
  });
  beforeEach(() => {
    reached = 0;
    logs.entries.length = 0;
  });
  afterAll(() => running.close());

  it.each([
    ['an entity', (levels: number) => event(domain(nested(levels)))],
    ['an entity of lists', (levels: number) => event(domain(listed(levels)))],
    ['an entity in JSON', eventAsJson],
    ['the data of an event', (levels: number) => event(nested(levels))],
    ['the data of an event in JSON', (levels: number) => event(JSON.stringify(nested(levels)))],
  ])('is an event up to 100 levels (%s)', async (_what, make) => {
    expect(await post(make(100))).toMatchObject({ status: 200 });
    expect(reached).toBe(1);
    for (const levels of [101, 1_000, 50_000]) {
      const answer = await post(make(levels));
      expect({ levels, status: answer.status, body: answer.body }).toMatchObject({
        levels,
        status: 400,
        body: { statusCode: 400, error: 'Bad Request', code: 'WIX_EVENT_TOO_DEEP' },
      });
    }
    expect(reached).toBe(1);
  });

  it('is refused wherever the depth is in an event', async () => {
    for (const envelope of [`,"other":${nested(50_000)}`, `,"identity":${nested(50_000)}`]) {
      expect(await post(event('{}', envelope))).toMatchObject({ status: 400, body: { code: 'WIX_EVENT_TOO_DEEP' } });
    }
    expect(reached).toBe(0);
  });

  it('is a service plugin request up to 100 levels', async () => {
    expect(await post(plugin(nested(100)), 'plugin')).toMatchObject({ status: 200 });
    for (const levels of [101, 50_000]) {
      const tooDeep = { status: 400, body: { statusCode: 400, code: 'WIX_EVENT_TOO_DEEP' } };
      expect(await post(plugin(nested(levels)), 'plugin')).toMatchObject(tooDeep);
      expect(await post(plugin('{}', `,"identity":${nested(levels)}`), 'plugin')).toMatchObject(tooDeep);
    }
    expect(reached).toBe(1);
  });

  it('may be as deep as the application allows', async () => {
    const shallow = await start(3);
    try {
      expect(await post(event(domain(nested(3))), 'wix/webhooks', shallow)).toMatchObject({ status: 200 });
      expect(await post(event(domain(nested(4))), 'wix/webhooks', shallow)).toMatchObject({ status: 400 });
      expect(await post(plugin(nested(4)), 'plugin', shallow)).toMatchObject({ status: 400 });
      expect(logs.of('warn', 'WixAuthModule')).toEqual([expect.stringContaining('WIX_EVENT_TOO_DEEP')]);
    } finally {
      await shallow.close();
    }
  });
});
