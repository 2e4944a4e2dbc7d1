import { AuthEvents } from '../../../src/core/auth-events.js';
import { GracefulShutdown } from '../../../src/core/concurrency/graceful-shutdown.js';
import { RedisInvalidationBus } from '../../../src/redis/redis-invalidation-bus.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { RedisServer, type RawRedisClient } from '../../support/redis-server.js';
import { untilTrue } from '../../support/until-true.js';

const KEY = '{channel}:invalidations';

describe('RedisInvalidationBus', () => {
  const connections = new RedisConnections();
  let redis: RedisServer;
  let client: RawRedisClient;
  let heard: (readonly [string, string])[];
  let all: RedisInvalidationBus[] = [];

  const invalidationBus = async (): Promise<RedisInvalidationBus> => {
    const factoryProvider = new RedisInvalidationBus(
      await connections.open(redis.url),
      new GracefulShutdown(0, new AuthEvents()),
    );
    all.push(factoryProvider);
    return factoryProvider;
  };
  const listening = async (): Promise<RedisInvalidationBus> => {
    const listener = await invalidationBus();
    listener.subscribe('channel', (message, when) => heard.push([message, when]));
    return listener;
  };
  const heardSome = (count: number): Promise<void> => untilTrue(() => heard.length >= count);
  const readers = async (): Promise<string[]> =>
    (await client.sendCommand<string>(['CLIENT', 'LIST'])).split('\n').filter((line) => line.includes('cmd=xread'));

  beforeAll(async () => {
    redis = await RedisServer.start();
    client = await redis.client();
  });
  beforeEach(async () => {
    heard = [];
    await client.flushAll();
  });
  afterEach(async () => {
    for (const factoryProvider of all) factoryProvider.close();
    all = [];
    await connections.close();
  });
  afterAll(() => redis.stop());

  it('are received by all listeners of the channel, in order', async () => {
    await listening();
    const teller = await listening();
    (await invalidationBus()).subscribe('another', (message) => heard.push([message, 'elsewhere']));
    await teller.publish('channel', 'one');
    await teller.publish('channel', 'two');
    await heardSome(4);

    const times = (message: string): number => heard.filter(([said]) => said === message).length;
    expect([times('one'), times('two')]).toEqual([2, 2]);
    expect(heard.every(([, when]) => when === 'now')).toBe(true);
  });

  it('reach a process that starts later, marked as old', async () => {
    await client.xAdd(KEY, '1000-0', { message: 'long ago' });
    await (await invalidationBus()).publish('channel', 'just now');
    await listening();
    await heardSome(2);

    expect(heard).toEqual([
      ['long ago', 'earlier'],
      ['just now', 'now'],
    ]);
  });

  it('reach a disconnected process later, each once', async () => {
    const teller = await listening();
    await teller.publish('channel', 'before');
    await heardSome(1);
    await untilTrue(async () => (await readers()).length === 1);
    const [, id = ''] = /id=(\d+)/.exec((await readers())[0] ?? '') ?? [];
    await client.sendCommand(['CLIENT', 'KILL', 'ID', id]);
    await teller.publish('channel', 'meanwhile');
    await heardSome(2);

    expect(heard.map(([message]) => message)).toEqual(['before', 'meanwhile']);
  });

  const sentBytes = async (): Promise<number> => {
    const [, bytes = ''] = /total_net_output_bytes:(\d+)/.exec(await client.info('stats')) ?? [];
    return Number(bytes);
  };

  it.each([
    ['alone', () => invalidationBus()],
    [
      'as sentinels and clusters are read',
      async () => {
        const connection = await connections.open(redis.url);
        Object.defineProperty(connection, 'another', { value: () => undefined });
        const polling = new RedisInvalidationBus(connection, new GracefulShutdown(0, new AuthEvents()));
        all.push(polling);
        return polling;
      },
    ],
  ])('are received past one of 150 MB, which no process reads (%s)', async (_how, open) => {
    await client.xAdd(KEY, '*', { message: 'x'.repeat(150_000_000) });
    const before = await sentBytes();
    const listener = await open();
    listener.subscribe('channel', (message, when) => heard.push([message, when]));
    await listener.publish('channel', 'one');
    await heardSome(1);

    expect(heard.map(([message]) => message.slice(0, 9))).toEqual(['one']);
    expect((await sentBytes()) - before).toBeLessThan(100_000);
  });

  it('do not include one that is too long, even if it was published while they waited', async () => {
    const teller = await listening();
    await untilTrue(async () => (await readers()).length === 1);
    await client.xAdd(KEY, '*', { message: 'x'.repeat(65_537) });
    await teller.publish('channel', 'one');
    await heardSome(1);

    expect(heard.map(([message]) => message.slice(0, 9))).toEqual(['one']);
  });

  const cutOffReaders = async (): Promise<void> => {
    for (const reader of await readers()) {
      const [, id = ''] = /id=(\d+)/.exec(reader) ?? [];
      await client.sendCommand(['CLIENT', 'KILL', 'ID', id]);
    }
  };

  it.each([
    ['a message from the far future', '9999999999999-0'],
    ['a message that was lost with a server', `${String(Date.now() + 3_600_000)}-0`],
  ])('are received again after %s and a new stream', async (_, id) => {
    const teller = await listening();
    await client.xAdd(KEY, id, { message: 'ahead' });
    await heardSome(1);
    await untilTrue(async () => (await readers()).length === 1);
    // As after a failover to a server that had not seen it.
    await client.del(KEY);
    await teller.publish('channel', 'now');
    await cutOffReaders();
    await heardSome(2);

    expect(heard.map(([message]) => message)).toEqual(['ahead', 'now']);
  });

  it('can be published after the highest possible id, and are received', async () => {
    const teller = await listening();
    await client.xAdd(KEY, '18446744073709551615-18446744073709551615', { message: 'last' });
    await heardSome(1);
    await untilTrue(async () => (await readers()).length === 1);
    await teller.publish('channel', 'after it');
    await teller.publish('channel', 'and after that');
    await cutOffReaders();
    await heardSome(3);

    expect(heard.map(([message]) => message)).toEqual(['last', 'after it', 'and after that']);
  });

  it('are not read again when a connection was cut and the stream is the same', async () => {
    const teller = await listening();
    await teller.publish('channel', 'one');
    await heardSome(1);
    await untilTrue(async () => (await readers()).length === 1);
    await cutOffReaders();
    await teller.publish('channel', 'two');
    await heardSome(2);

    expect(heard.map(([message]) => message)).toEqual(['one', 'two']);
  });

  it('continue after a message whose handler fails, and after messages of others', async () => {
    const listener = await invalidationBus();
    listener.subscribe('channel', (message) => {
      heard.push([message, '']);
      if (message === 'bad') throw new Error('what is this?');
    });
    await client.xAdd(KEY, '*', { something: 'else', message: '' });
    await listener.publish('channel', 'bad');
    await listener.publish('channel', 'good');
    await untilTrue(() => heard.some(([message]) => message === 'good'));
  });

  it('expire, and are limited in number', async () => {
    const teller = await invalidationBus();
    for (let number = 0; number < 100; number += 1) await client.xAdd(KEY, '*', { message: 'old' });
    await teller.publish('channel', 'new');

    expect(await client.pTTL(KEY)).toBeGreaterThan(23 * 3_600_000);
  });

  it('fail to be published when Redis is down', async () => {
    const connection = await connections.open(redis.url);
    const teller = new RedisInvalidationBus(connection, new GracefulShutdown(0, new AuthEvents()));
    connection.close();
    await connections.close();

    await expect(teller.publish('channel', 'nobody hears')).rejects.toThrow();
  });

  it('leave no connection open', async () => {
    const listener = await listening();
    await untilTrue(async () => (await readers()).length === 1);
    listener.close();

    await untilTrue(async () => (await readers()).length === 0);
  });
});
