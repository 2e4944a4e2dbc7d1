import { createHash, randomUUID } from 'node:crypto';

import { jest } from '@jest/globals';
import { eventLedgerContract } from 'nestjs-wix-auth/testing';

import { AppCredentials } from '../../../src/core/app-credentials.js';
import { DONE, LedgerSlot } from '../../../src/redis/ledger-slot.js';
import { RedisAway } from '../../../src/redis/redis-connection.js';
import { RedisEventLedger } from '../../../src/redis/redis-event.ledger.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { RedisServer } from '../../support/redis-server.js';
import { untilTrue } from '../../support/until-true.js';

const API_URL = 'https://www.wixapis.com';
const SECRET = 'a secret';

const credentials = (appId: string, ...[newest = SECRET, ...older]: readonly string[]): AppCredentials =>
  new AppCredentials(appId, [newest, ...older]);
const slotOf = (appId: string, key: string, secret = SECRET): LedgerSlot => {
  const [secretKey] = credentials(appId, secret).secretKeys;
  if (secretKey === undefined) throw new Error('There is a secret.');
  return new LedgerSlot(secretKey, JSON.stringify([API_URL, appId]), key);
};

describe('RedisEventLedger', () => {
  const connections = new RedisConnections();
  let redis: RedisServer;

  const ledgerOf = async (app = 'app', ...secrets: readonly string[]): Promise<RedisEventLedger> =>
    new RedisEventLedger(await connections.open(redis.url), credentials(app, ...secrets), API_URL);
  /** The entry of a piece of work under a secret. */
  const entryOf = (app: string, key: string, secret = SECRET): string => `{${slotOf(app, key, secret).name}}`;

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

  it('separates apps', async () => {
    const [one, other] = [await ledgerOf('one'), await ledgerOf('other')];
    await one.complete('work', 60_000);
    await expect(other.claim('work', 'b', 60_000)).resolves.toBe('claimed');
    await expect(one.claim('work', 'a', 60_000)).resolves.toBe('done');
  });

  it('does not confuse a claimant with the mark of finished work', async () => {
    const ledger = await ledgerOf();
    await ledger.claim('misleading', 'done', 60_000);
    await expect(ledger.claim('misleading', 'b', 60_000)).resolves.toBe('in-progress');
  });

  it('stores nothing in Redis without an expiry', async () => {
    const [ledger, client] = [await ledgerOf('brief'), await redis.client()];
    await ledger.claim('claim', 'a', 30_000.5);
    await ledger.claim('renewal', 'a', 1_000);
    await ledger.renew('renewal', 'a', 30_000.5);
    await ledger.complete('mark', 60_000.5);
    for (const key of ['claim', 'renewal', 'mark']) {
      expect(await client.pTTL(entryOf('brief', key))).toBeGreaterThan(20_000);
    }
  });

  it('reveals nothing in Redis: not the app, the work, its claimant or whether it is done', async () => {
    const [ledger, client] = [await ledgerOf('telling name'), await redis.client()];
    await client.flushAll();
    await ledger.claim('told work', 'claimant-4711', 60_000);
    await ledger.complete('told mark', 60_000);
    const keys = await client.keys('*');
    const text = [...keys, ...(await client.mGet(keys))].join('\n');

    expect(keys).toHaveLength(2);
    expect(text).not.toMatch(/telling|told|4711|done|by:/);
    expect(text).not.toContain(createHash('sha256').update('told work').digest('base64url'));
  });

  it('ignores what was written as done or claimed without the secret, or for other work', async () => {
    const [ledger, client] = [await ledgerOf('forged'), await redis.client()];
    await ledger.complete('finished', 60_000);
    const elsewhere = (await client.get(entryOf('forged', 'finished'))) ?? '';
    for (const entry of ['done', 'by:somebody', elsewhere, slotOf('forged', 'open', 'another secret').seal(DONE)]) {
      await client.set(entryOf('forged', 'open'), entry);
      await expect(ledger.claim('open', 'a', 60_000)).resolves.toBe('claimed');
      expect(await client.pTTL(entryOf('forged', 'open'))).toBeGreaterThan(0);
    }
  });

  it('gives work out once, even if another value is stored in its place', async () => {
    const [ledger, client] = [await ledgerOf('disturbed'), await redis.client()];
    await client.set(entryOf('disturbed', 'work'), 'something else');
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.claim('work', `c${n}`, 60_000)));
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
  });

  it.each([
    ['the old secret first', ['old'], ['new', 'old']],
    ['both secrets first', ['new', 'old'], ['old']],
    ['both secrets, and then the new one alone', ['new', 'old'], ['new']],
    ['the new secret first', ['new'], ['new', 'old']],
  ])('agrees with processes that know other secrets while one is rotated: %s', async (_, ones, others) => {
    const app = randomUUID();
    const [one, other] = [await ledgerOf(app, ...ones), await ledgerOf(app, ...others)];
    await expect(one.claim('work', 'a', 60_000)).resolves.toBe('claimed');
    await expect(other.claim('work', 'b', 60_000)).resolves.toBe('in-progress');
    await one.release('work', 'a');
    await expect(other.claim('work', 'b', 60_000)).resolves.toBe('claimed');
    await other.complete('work', 60_000);
    await expect(one.claim('work', 'a', 60_000)).resolves.toBe('done');
  });

  it('releases its claim when a process with an older secret holds the work', async () => {
    const [both, oldest, newest] = [
      await ledgerOf('rotated', 'new', 'old'),
      await ledgerOf('rotated', 'old'),
      await ledgerOf('rotated', 'new'),
    ];
    await oldest.claim('work', 'a', 60_000);
    await expect(both.claim('work', 'b', 60_000)).resolves.toBe('in-progress');
    await expect(newest.claim('work', 'c', 60_000)).resolves.toBe('claimed');
  });

  it('fails when another program uses its keys', async () => {
    const [ledger, client] = [await ledgerOf('taken'), await redis.client()];
    await client.hSet(entryOf('taken', 'shared'), 'not', 'ours');
    await expect(ledger.claim('shared', 'a', 60_000)).rejects.toThrow('WRONGTYPE');
  });

  it('fails on an unreadable answer', async () => {
    const connection = await connections.open(redis.url);
    jest.spyOn(connection.client(), 'eval').mockResolvedValue(42);
    await expect(
      new RedisEventLedger(connection, credentials('app'), API_URL).claim('work', 'a', 60_000),
    ).rejects.toThrow(RedisAway);
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
    ledger = new RedisEventLedger(await connections.open(redis.url), credentials('app'), API_URL);
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

  it('fails when it is killed, and at once from then on', async () => {
    await redis.kill();
    const first = await Promise.allSettled(operations());
    expect(first.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    const next = await Promise.allSettled(operations());
    expect(next).toEqual(Array(4).fill({ status: 'rejected', reason: expect.any(RedisAway) }));
  });

  it('continues when Redis is back', async () => {
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
