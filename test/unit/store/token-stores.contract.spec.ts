import KeyvRedis from '@keyv/redis';
import { CACHE_MANAGER, CacheModule, type Cache, type CacheModuleOptions } from '@nestjs/cache-manager';
import { Test, type TestingModule } from '@nestjs/testing';
import { Keyv } from 'keyv';
import { tokenStoreContract } from 'nestjs-wix-auth/testing';

import { RedisTokenStore } from '../../../src/redis/redis-token.store.js';
import { CacheManagerTokenStore } from '../../../src/store/cache-manager-token.store.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MapTokenStore } from '../../support/map-token-store.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { RedisServer } from '../../support/redis-server.js';

const modules: TestingModule[] = [];

async function storeOn(options: CacheModuleOptions): Promise<CacheManagerTokenStore> {
  const module = await Test.createTestingModule({ imports: [CacheModule.register(options)] }).compile();
  modules.push(module);
  return new CacheManagerTokenStore(module.get<Cache>(CACHE_MANAGER));
}

afterEach(async () => {
  await Promise.all(modules.splice(0).map((module) => module.close()));
});

describe('A token store in a map of a test', () => {
  const clock = new FakeClock();
  const pass = (ms: number): void => clock.advance(ms);

  for (const { title, run } of tokenStoreContract(() => new MapTokenStore(true, clock), { pass })) it(title, run);
});

describe('CacheManagerTokenStore in memory', () => {
  for (const { title, run } of tokenStoreContract(() => storeOn({}))) it(title, run);
});

describe('Token stores in Redis', () => {
  const connections = new RedisConnections();
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });

  describe('CacheManagerTokenStore', () => {
    const make = () => storeOn({ stores: [new Keyv({ store: new KeyvRedis(redis.url) })] });
    for (const { title, run } of tokenStoreContract(make)) it(title, run);
  });

  describe('RedisTokenStore', () => {
    const make = async () => new RedisTokenStore(await connections.open(redis.url));
    for (const { title, run } of tokenStoreContract(make, { leases: true })) it(title, run);
  });
});
