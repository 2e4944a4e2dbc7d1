import { untilTrue } from '../support/until-true.js';
import { QueueStory, type SignedEvent } from './webhook-queue/queue-story.js';
import type { WorkerProcess } from './webhook-queue/worker-process.js';

describe('Webhooks behind a queue of BullMQ', () => {
  let story: QueueStory;

  beforeAll(async () => {
    story = await QueueStory.begin();
  });
  afterEach(() => story.clear());
  afterAll(() => story.end());

  it('become dead letters after their attempts, unblock the next one, and are replayed manually', async () => {
    const worker = await story.start();
    const [bad, next] = [story.newEvent(), story.newEvent()];
    await worker.fail([bad.id]);
    expect([await worker.webhook(bad.body), await worker.webhook(next.body)]).toEqual([200, 200]);
    await untilTrue(() => story.finished.length === 1);
    expect(worker.began).toEqual([bad.id, bad.id, bad.id, next.id]);
    const [letter] = await worker.deadLetters();
    expect(letter).toMatchObject({
      type: 'thing_created',
      eventId: bad.id,
      instanceId: story.installs[0]?.instanceId,
      reason: 'Orders.take: TypeError',
      attempts: 3,
    });
    expect(worker.printed).toContain(
      `thing_created ${bad.id} of ${String(story.installs[0]?.instanceId)} was given up`,
    );
    const jobs = (await story.redis.run('HGETALL', `bull:wix-events:${String(letter?.['id'])}`)) as readonly string[];
    expect(jobs.join()).toContain('Orders.take: TypeError');
    expect(jobs.join()).not.toMatch(/hunter2|worker\.js/);

    await worker.fail([]);
    expect(await worker.replay(String(letter?.['id']))).toBe(true);
    await untilTrue(() => story.finished.length === 2);
    expect(await worker.deadLetters()).toEqual([]);
    await untilTrue(async () => (await jobsIn(story)).length === 0);
  });

  it('are given up when every process that handles them is killed, and can still be replayed', async () => {
    const event = story.newEvent();
    const receiver = await story.start({ work: false });
    expect(await receiver.webhook(event.body)).toBe(200);
    for (let deaths = 0; deaths < 2; deaths += 1) {
      const doomed = await story.start({ waits: true, attempts: 2 });
      await untilTrue(() => doomed.began.length === 1);
      await doomed.kill();
    }
    const last = await story.start({ attempts: 2 });
    await untilTrue(async () => (await last.deadLetters()).length === 1);
    const [letter] = await last.deadLetters();
    expect(letter).toMatchObject({ eventId: event.id, reason: 'WORKER_LOST', attempts: 3 });
    expect(last.began).toEqual([]);
    expect(await last.replay(String(letter?.['id']))).toBe(true);
    await untilTrue(() => story.finished.length === 1);
  });

  it('are drained by a process that gets SIGTERM: those in progress finish, the others remain stored', async () => {
    const old = await story.start({ waits: true, concurrency: 1 });
    const sent = [story.newEvent(0), story.newEvent(1)];
    for (const { body } of sent) expect(await old.webhook(body)).toBe(200);
    await untilTrue(() => old.began.length === 1);
    const ended = old.terminate();
    await untilTrue(async () => (await old.webhook('not signed')) === 503);
    old.finish();
    await ended;
    expect(story.finished).toHaveLength(1);

    const next = await story.start();
    await untilTrue(() => story.finished.length === 2);
    expect([...old.began, ...next.began]).toEqual(sent.map(({ id }) => id));
  });

  it('are released by a process whose handlers do not end in time', async () => {
    const old = await story.start({ waits: true, shutdownTimeoutMs: 200 });
    const event = story.newEvent();
    expect(await old.webhook(event.body)).toBe(200);
    await untilTrue(() => old.began.length === 1);
    await old.terminate();
    expect(old.printed).toContain('Orders.take on thing_created');
    const next = await story.start();
    await untilTrue(() => story.finished.length === 1);
    expect(next.began).toEqual([event.id]);
  });

  it('are answered 503 while Redis is down, and stored when it is back', async () => {
    const worker = await story.start();
    const [lost, stored] = [story.newEvent(), story.newEvent()];
    story.redis.freeze();
    expect(await worker.webhook(lost.body)).toBe(503);
    story.redis.thaw();
    await untilTrue(async () => (await worker.webhook(stored.body)) === 200);
    await untilTrue(() => story.finished.includes(story.lineOf(stored)));
  });
});

describe('Webhooks behind a queue whose Redis dies', () => {
  let story: QueueStory;

  beforeAll(async () => {
    story = await QueueStory.begin(1, ['--appendonly', 'yes', '--appendfsync', 'always']);
  });
  afterAll(async () => {
    await story.clear();
    await story.end();
  });

  it('are handled by the same processes when it is back, including those stored before', async () => {
    const receiver = await story.start({ work: false });
    const sent = [story.newEvent(), story.newEvent()];
    for (const { body } of sent) expect(await receiver.webhook(body)).toBe(200);
    const worker = await story.start({ waits: true });
    await untilTrue(() => worker.began.length === 1);
    await story.redis.kill();
    // It may be stored all the same as soon as Redis is back, which does no harm.
    expect(await receiver.webhook(story.newEvent().body)).toBe(503);
    worker.finish();
    await story.redis.startAgain();
    const last = story.newEvent();
    await untilTrue(async () => (await receiver.webhook(last.body)) === 200);
    await untilTrue(() => story.finished.includes(story.lineOf(last)), 120_000);
    const order = [...new Set(story.finished)].filter((line) =>
      [...sent, last].some((event) => line === story.lineOf(event)),
    );
    expect(order).toEqual([...sent, last].map((event) => story.lineOf(event)));
  }, 180_000);
});

const EVENTS = 10_000;
const SITES = 50;
const WORKERS = 3;
const KILLS = 10;
const CONCURRENCY = 10;
// So that there is something under way when a process is killed.
const SLOW_MS = 30;

describe('10,000 webhooks behind a queue whose workers are killed', () => {
  let story: QueueStory;

  beforeAll(async () => {
    story = await QueueStory.begin(SITES);
  });
  afterAll(async () => {
    await story.clear();
    await story.end();
  });

  it('are handled exactly once by each handler, except those in progress, and in order for each site', async () => {
    const startedMs = performance.now();
    const receiver = await story.start({ work: false });
    const setup = { concurrency: CONCURRENCY, audits: true, slowMs: SLOW_MS, attempts: 50 };
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => story.start(setup)));
    const sent = Array.from({ length: EVENTS }, (_, index) => story.newEvent(index % SITES));
    const answers = await sentTo(receiver, sent);
    const answeredMs = performance.now() - startedMs;

    for (let kills = 1; kills <= KILLS; kills += 1) {
      const goal = (2 * EVENTS * kills) / (KILLS + 2);
      await untilTrue(() => story.finished.length >= goal, 600_000);
      await workers.shift()?.kill();
      workers.push(await story.start(setup));
    }
    await untilTrue(async () => (await jobsIn(story)).length === 0, 600_000);

    const counts = new Map<string, number>();
    for (const line of story.finished) counts.set(line, (counts.get(line) ?? 0) + 1);
    const repeated = [...counts.values()].filter((count) => count > 1).length;
    process.stdout.write(
      `queue: ${EVENTS} events of ${SITES} sites, answered ${countsOf(answers)} after ${Math.round(answeredMs)} ms, all done after ` +
        `${Math.round(performance.now() - startedMs)} ms; workers killed ${KILLS} of ${WORKERS + KILLS}; handlers done ` +
        `${counts.size} of ${2 * EVENTS}, of these twice ${repeated}\n`,
    );
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    expect(counts.size).toBe(2 * EVENTS);
    expect(repeated).toBeLessThanOrEqual(KILLS * CONCURRENCY * 2);
    const first = new Set(story.finished.filter((line) => !line.endsWith(' audit')));
    for (let site = 0; site < SITES; site += 1) {
      const { instanceId = '' } = story.installs[site] ?? {};
      const expected = sent.filter((_, index) => index % SITES === site).map((event) => story.lineOf(event, site));
      expect([...first].filter((line) => line.startsWith(instanceId))).toEqual(expected);
    }
  }, 1_200_000);
});

/** Sends the events of each site one after the other, those of all sites at the same time. */
async function sentTo(receiver: WorkerProcess, events: readonly SignedEvent[]): Promise<readonly number[]> {
  const answers: number[] = [];
  const send = async (site: number): Promise<void> => {
    for (let index = site; index < events.length; index += SITES) {
      answers.push(await receiver.webhook(events[index]?.body ?? ''));
    }
  };
  await Promise.all(Array.from({ length: SITES }, (_, site) => send(site)));
  return answers;
}

function countsOf(answers: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const status of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${status}: ${count}`).join(', ');
}

const jobsIn = async ({ redis }: QueueStory): Promise<readonly string[]> =>
  ((await redis.run('KEYS', 'bull:wix-events:*')) as readonly string[]).filter((key) => /:[\w-]{43}$/.test(key));
