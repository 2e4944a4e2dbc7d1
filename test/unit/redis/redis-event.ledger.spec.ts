import { jest } from '@jest/globals';
import { eventLedgerContract } from 'nestjs-wix-auth/testing';

import { RedisAway } from '../../../src/redis/redis-connection.js';
import { RedisEventLedger } from '../../../src/redis/redis-event.ledger.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { RedisServer } from '../../support/redis-server.js';
import { untilTrue } from '../../support/until-true.js';

describe('RedisEventLedger', () => {
  const connections = new RedisConnections();
  let redis: RedisServer;

  const ledgerOf = async (app = 'app'): Promise<RedisEventLedger> =>
    new RedisEventLedger(await connections.open(redis.url), app);

  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });

  for (const { title, run } of eventLedgerContract(() => ledgerOf())) it(title, run);

  it('gives work to one of a hundred claimants on four connections', async () => {
    const ledgers = await Promise.all(Array.from({ length: 4 }, () => ledgerOf()));
    const claimants = Array.from({ length: 25 }, (_, number) => `claimant ${number}`);
    const claim = (ledger: RedisEventLedger, claimant: string) => ledger.claim('wanted', claimant, 60_000);
    const claims = await Promise.all(
      claimants.flatMap((claimant) => ledgers.map((ledger, number) => claim(ledger, `${claimant} of ${number}`))),
    );
    expect(claims.filter((found) => found === 'claimed')).toHaveLength(1);
    expect(claims.filter((found) => found === 'in-progress')).toHaveLength(99);
  });

  it('keeps apps apart', async () => {
    const [one, other] = [await ledgerOf('one'), await ledgerOf('other')];
    await one.complete('work', 60_000);
    await expect(other.claim('work', 'b', 60_000)).resolves.toBe('claimed');
    await expect(one.claim('work', 'a', 60_000)).resolves.toBe('done');
  });

  it('takes no claimant for the mark of finished work', async () => {
    const ledger = await ledgerOf();
    await ledger.claim('misleading', 'done', 60_000);
    await expect(ledger.claim('misleading', 'b', 60_000)).resolves.toBe('in-progress');
  });

  it('leaves nothing in Redis for ever', async () => {
    const [ledger, client] = [await ledgerOf('brief'), await redis.client()];
    await ledger.claim('brief-claim', 'a', 30_000.5);
    await ledger.claim('brief-renewal', 'a', 1_000);
    await ledger.renew('brief-renewal', 'a', 30_000.5);
    await ledger.complete('brief-mark', 60_000.5);
    const keys = await client.keys('*:brief-*');
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(await client.pTTL(key)).toBeGreaterThan(20_000);
  });

  it('does not say in Redis which app it is for', async () => {
    const [ledger, client] = [await ledgerOf('telling name'), await redis.client()];
    await ledger.claim('told', 'a', 60_000);
    await expect(client.keys('*:told}')).resolves.toHaveLength(1);
    await expect(client.keys('*telling*')).resolves.toHaveLength(0);
  });

  it('cannot tell when somebody else uses its keys', async () => {
    const [ledger, client] = [await ledgerOf('taken'), await redis.client()];
    await ledger.claim('shared', 'a', 60_000);
    const [key = ''] = await client.keys('*:shared}');
    await client.del(key);
    await client.hSet(key, 'not', 'ours');
    await expect(ledger.claim('shared', 'a', 60_000)).rejects.toThrow('WRONGTYPE');
  });

  it('cannot tell from an answer that makes no sense', async () => {
    const connection = await connections.open(redis.url);
    jest.spyOn(connection.client(), 'eval').mockResolvedValue('perhaps');
    await expect(new RedisEventLedger(connection, 'app').claim('work', 'a', 60_000)).rejects.toThrow(RedisAway);
  });
});

describe('RedisEventLedger without its Redis', () => {
  const connections = new RedisConnections();
  let redis: RedisServer;
  let ledger: RedisEventLedger;

  const operations = () => [
    ledger.claim('work', 'a', 60_000),
    ledger.renew('work', 'a', 60_000),
    ledger.complete('work', 60_000),
    ledger.release('work', 'a'),
  ];

  beforeEach(async () => {
    redis = await RedisServer.start();
    ledger = new RedisEventLedger(await connections.open(redis.url), 'app');
  });

  afterEach(async () => {
    await connections.close();
    await redis.stop();
  });

  it('does not wait for one that hangs', async () => {
    redis.freeze();
    const outcomes = await Promise.allSettled(operations());
    expect(outcomes).toEqual(Array(4).fill({ status: 'rejected', reason: expect.any(RedisAway) }));
  });

  it('fails when it was killed, and at once from then on', async () => {
    await redis.kill();
    const first = await Promise.allSettled(operations());
    expect(first.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    const next = await Promise.allSettled(operations());
    expect(next).toEqual(Array(4).fill({ status: 'rejected', reason: expect.any(RedisAway) }));
  });

  it('goes on with one that is back', async () => {
    await redis.kill();
    await expect(ledger.claim('work', 'a', 60_000)).rejects.toThrow();
    await redis.startAgain();
    await untilTrue(async () => (await ledger.claim('work', 'a', 60_000).catch(() => 'away')) === 'claimed');
  });

  it('fails when nothing can be written', async () => {
    const client = await redis.client();
    await client.configSet('maxmemory', '1');
    await expect(ledger.claim('work', 'a', 60_000)).rejects.toThrow('OOM');
  });
});
