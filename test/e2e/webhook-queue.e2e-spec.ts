import { Queue } from 'bullmq';
import { BullMqEventQueue } from 'nestjs-wix-auth/bullmq';
import { eventQueueContract } from 'nestjs-wix-auth/testing';

import type { RedisServer } from '../support/redis-server.js';
import { untilTrue } from '../support/until-true.js';
import { QueueStory } from './webhook-queue/queue-story.js';

// What ends in other ways, and the storm, are in webhook-queue.nightly-spec.ts.
describe('Webhooks behind a queue of BullMQ', () => {
  let story: QueueStory;

  beforeAll(async () => {
    story = await QueueStory.begin();
  });
  afterEach(() => story.clear());
  afterAll(() => story.end());

  describe('fulfills the EventQueue contract', () => {
    const queues: Queue[] = [];
    const make = (): BullMqEventQueue => {
      const queue = new Queue(`contract-${String(queues.length)}`, { connection: { url: story.redis.url } });
      queues.push(queue);
      return new BullMqEventQueue(queue);
    };
    afterAll(() => Promise.all(queues.map((queue) => queue.close())));

    for (const { title, run } of eventQueueContract(make)) it(title, run);
  });

  it('are stored encrypted by one process and handled by others, once each, in order, even after a kill', async () => {
    const receiver = await story.start({ work: false });
    const sent = Array.from({ length: 20 }, (_, index) => story.newEvent(index % 2));
    for (const { body } of sent) expect(await receiver.webhook(body)).toBe(200);
    // Wix sends an event again whose answer it did not hear.
    expect(await receiver.webhook(sent[7]?.body ?? '')).toBe(200);
    expect(await everythingIn(story.redis)).not.toMatch(/tulips|thing_created/);
    for (const { instanceId } of story.installs) expect(await everythingIn(story.redis)).not.toContain(instanceId);

    const killed = await story.start({ waits: true });
    await untilTrue(() => killed.began.length === 2);
    await killed.kill();
    const last = await story.start();
    await untilTrue(() => story.finished.length >= sent.length && last.began.length >= sent.length);
    for (const site of [0, 1]) {
      const expected = sent.filter((_, place) => place % 2 === site).map((event) => story.lineOf(event, site));
      expect(story.finished.filter((line) => line.startsWith(story.installs[site]?.instanceId ?? ''))).toEqual(
        expected,
      );
    }
    expect(last.printed).toBe('');
  });
});

/** All that stands in Redis, as one text. */
async function everythingIn(server: RedisServer): Promise<string> {
  const keys = (await server.run('KEYS', '*')) as readonly string[];
  const contents = keys.map(async (key) => {
    const type = await server.run('TYPE', key);
    const read: Readonly<Record<string, readonly string[]>> = {
      string: ['GET', key],
      hash: ['HGETALL', key],
      list: ['LRANGE', key, '0', '-1'],
      set: ['SMEMBERS', key],
      zset: ['ZRANGE', key, '0', '-1'],
      stream: ['XRANGE', key, '-', '+'],
    };
    const command = read[String(type)];
    return command === undefined ? key : `${key} ${JSON.stringify(await server.run(...command))}`;
  });
  return (await Promise.all(contents)).join('\n');
}
