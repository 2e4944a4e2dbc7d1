import KeyvRedis from '@keyv/redis';
import KeyvValkey from '@keyv/valkey';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { Redis, Cluster } from 'ioredis';
import { Keyv } from 'keyv';
import {
  EventLedger,
  trustedInstanceId,
  WixAuthGuard,
  WixAuthModule,
  WixIdentityService,
  WixTokenService,
} from 'nestjs-wix-auth';
import { emulatedOptions, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { RedisClusterServers } from '../support/redis-cluster.js';
import { RedisServer } from '../support/redis-server.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { untilTrue } from '../support/until-true.js';

@Controller()
class RouteController {
  @Get('anyone')
  @UseGuards(WixAuthGuard)
  anyone() {
    return {};
  }
}

const keyvOn = (...[connect]: ConstructorParameters<typeof KeyvRedis>): Keyv =>
  new Keyv({ store: new KeyvRedis(connect) });

describe('Processes that share a Redis by', () => {
  let redis: RedisServer;
  let sentinel: RedisServer;
  let cluster: RedisClusterServers;
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;
  const running: RunningApp[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
    sentinel = await RedisServer.start([
      '--sentinel',
      '--sentinel',
      'monitor',
      'main',
      '127.0.0.1',
      String(redis.port),
      '1',
    ]);
    cluster = await RedisClusterServers.start();
    wix = await WixEmulator.start();
  });
  beforeEach(() => {
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
    wix.resetLog();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((started) => started.close()));
  });
  afterAll(async () => {
    await wix.stop();
    await Promise.all([redis.stop(), sentinel.stop(), cluster.stop()]);
  });

  const sentinelNode = () => ({ host: '127.0.0.1', port: sentinel.port });
  const clients: readonly (readonly [string, () => Keyv])[] = [
    ['a client of node-redis', () => keyvOn(redis.url)],
    ['one with the newest protocol', () => keyvOn({ url: redis.url, RESP: 3 })],
    ['sentinels', () => keyvOn({ name: 'main', sentinelRootNodes: [sentinelNode()] })],
    [
      'sentinels with the newest protocol',
      () => keyvOn({ name: 'main', sentinelRootNodes: [sentinelNode()], RESP: 3 }),
    ],
    ['a cluster', () => keyvOn({ rootNodes: cluster.nodes.map(({ url }) => ({ url })) })],
    ['@keyv/valkey', () => new Keyv({ store: new KeyvValkey(redis.url) })],
    [
      '@keyv/valkey around ioredis',
      () => new Keyv({ store: new KeyvValkey(new Redis(redis.url) as never), namespace: 'ns' }),
    ],
    [
      '@keyv/valkey around ioredis with sentinels',
      () => new Keyv({ store: new KeyvValkey(new Redis({ sentinels: [sentinelNode()], name: 'main' }) as never) }),
    ],
    [
      '@keyv/valkey around a cluster of ioredis',
      () => new Keyv({ store: new KeyvValkey(new Cluster([...cluster.nodes]) as never) }),
    ],
  ];

  const start = async (keyv: Keyv): Promise<RunningApp> => {
    const registration = WixAuthModule.forRoot({
      ...emulatedOptions(wix, app),
      publicKey: app.publicKey,
      cache: { stores: [keyv] },
      webhooks: {},
    });
    const started = await startApp('express', { imports: [registration], controllers: [RouteController] });
    running.push(started);
    return started;
  };

  it.each(clients)('%s share tokens, verifications, leases, invalidations and the ledger', async (_name, keyvOf) => {
    const [one, other] = [await start(keyvOf()), await start(keyvOf())];
    const tokens = [one, other].map(({ app: nest }) => nest.get(WixTokenService));
    const site = trustedInstanceId(install.instanceId);

    const minted = await Promise.all(tokens.map((service) => service.accessTokenFor(site)));
    expect(minted[0]?.value).toBe(minted[1]?.value);
    expect(wix.count('/oauth2/token')).toBe(1);

    const visitor = wix.mint.visitorToken(install, install.site.addVisitor());
    await Promise.all([one, other].map(({ app: nest }) => nest.get(WixIdentityService).verify(visitor)));
    expect(wix.count('/oauth2/token-info')).toBe(1);

    await one.app.get(WixIdentityService).forget(site);
    await untilTrue(() => other.app.get(WixIdentityService).cached(visitor) === undefined);
    await one.app.get(WixTokenService).invalidate(minted[0] as never);
    await untilTrue(async () => (await tokens[1]?.accessTokenFor(site))?.value !== minted[1]?.value);

    const [ledger, otherLedger] = [one, other].map(({ app: nest }) => nest.get(EventLedger));
    expect(await ledger?.claim('event', 'one', 60_000)).toBe('claimed');
    expect(await otherLedger?.claim('event', 'other', 60_000)).toBe('in-progress');
    await ledger?.complete('event', 60_000);
    expect(await otherLedger?.claim('event', 'other', 60_000)).toBe('done');
  });
});
