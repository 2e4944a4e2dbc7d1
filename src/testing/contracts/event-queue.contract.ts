import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import type { EventQueue, QueuedEvent, QueueVerdict, QueueWork, TakenEvent } from '../../index.js';
import { caseOf, type ContractCase, type ContractOptions, type Make } from './contract-case.js';
import { ContractTime } from './contract-time.js';

/**
 * What an {@link EventQueue} of your own must do, as cases for any test runner. Each needs an empty queue.
 *
 * @example
 * for (const { title, run } of eventQueueContract(() => new MyQueue())) it(title, run);
 */
export function eventQueueContract(make: Make<EventQueue>, options: ContractOptions = {}): readonly ContractCase[] {
  const time = new ContractTime(options);
  const cases: readonly (readonly [string, (queue: WatchedQueue) => Promise<void>])[] = [
    ['hands out what was added, and that once', handsOut],
    ['hands out what was added before any process took events', keepsForLater],
    ['stores an event once, whenever it is added again', storesOnce],
    ['hands out the events of a group one after the other, in their order', keepsOrder],
    ['hands out events of other groups meanwhile, as many as asked for', worksAtOnce],
    ['hands out a failed event again before the next of its group, and counts', retries],
    ['does not count what could not be begun', putsBack],
    ['keeps apart what is given up, and lets the next of its group through', buries],
    ['leaves alone what was given up when it is added again', leavesDead],
    ['replays what was given up, as if for the first time', replays],
    ['discards what was given up', discards],
    ['hands out no more to a process that stops', stops],
    ['lets another process have what was given back', givesBack],
  ];
  return cases.map(([title, check]) => caseOf(title, make, (queue) => check({ queue, time })));
}

interface WatchedQueue {
  readonly queue: EventQueue;
  readonly time: ContractTime;
}

const DONE: QueueVerdict = { outcome: 'done' };
const RETRY: QueueVerdict = { outcome: 'retry', afterMs: 1, reason: 'A.b: TypeError' };
const LATER: QueueVerdict = { outcome: 'later', afterMs: 1 };
const DEAD: QueueVerdict = { outcome: 'dead', reason: 'A.b: TypeError' };

const newEvent = (group = newName()): QueuedEvent => ({ id: newName(), group, sealed: randomUUID().repeat(100) });

// As long as they can be, with every kind of character.
const newName = (): string => `_${randomUUID()}-aZ`.padEnd(64, '9');

const idOf = ({ id }: QueuedEvent): string => id;

/** The events that one process received, and its verdicts. */
class Taker {
  readonly taken: TakenEvent[] = [];
  readonly #work: QueueWork;
  readonly #verdicts: QueueVerdict[];
  readonly #open: ((verdict: QueueVerdict) => void)[] = [];
  readonly #time: ContractTime;

  /** @param verdicts the first verdicts; further events wait for {@link decide}. */
  constructor({ queue, time }: WatchedQueue, verdicts: readonly QueueVerdict[] = [], concurrency = 1) {
    this.#time = time;
    this.#verdicts = [...verdicts];
    this.#work = queue.work({ concurrency, handle: (event) => this.#handle(event), failed: () => undefined });
  }

  /** Waits until `count` events were received. */
  has(count: number): Promise<void> {
    return this.#time.until(`${String(count)} events are handed out`, () =>
      Promise.resolve(this.taken.length >= count),
    );
  }

  /** Gives the verdict on the oldest event that waits for one. */
  decide(verdict: QueueVerdict): void {
    this.#open.shift()?.(verdict);
  }

  stop(): void {
    this.#work.stop();
  }

  giveBack(): Promise<void> {
    return this.#work.giveBack();
  }

  async close(): Promise<void> {
    this.#work.stop();
    for (const decide of this.#open.splice(0)) decide(LATER);
    await this.#work.close();
  }

  #handle(event: TakenEvent): Promise<QueueVerdict> {
    this.taken.push(event);
    const verdict = this.#verdicts.shift();
    return verdict === undefined ? new Promise((decide) => this.#open.push(decide)) : Promise.resolve(verdict);
  }
}

async function taking(
  watched: WatchedQueue,
  verdicts: readonly QueueVerdict[],
  work: (taker: Taker) => Promise<void>,
  concurrency = 1,
): Promise<void> {
  const taker = new Taker(watched, verdicts, concurrency);
  try {
    await work(taker);
  } finally {
    await taker.close();
  }
}

const addAll = async (queue: EventQueue, events: readonly QueuedEvent[]): Promise<void> => {
  for (const event of events) await queue.add(event);
};

async function handsOut(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const [first, second] = [newEvent(), newEvent()];
  await taking(watched, [DONE], async (taker) => {
    await queue.add(first);
    await taker.has(1);
    await queue.add(second);
    await taker.has(2);
    deepEqual(taker.taken, [
      { ...first, attempt: 1 },
      { ...second, attempt: 1 },
    ]);
  });
}

async function keepsForLater(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const event = newEvent();
  await queue.add(event);
  await taking(watched, [], async (taker) => {
    await taker.has(1);
    deepEqual(taker.taken.map(idOf), [event.id]);
  });
}

async function storesOnce(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const [event, next] = [newEvent(), newEvent()];
  await addAll(queue, [event, event]);
  await taking(watched, [], async (taker) => {
    await taker.has(1);
    await addAll(queue, [event, next]);
    taker.decide(DONE);
    await taker.has(2);
    deepEqual(taker.taken.map(idOf), [event.id, next.id]);
  });
}

async function keepsOrder(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const group = newName();
  const events = Array.from({ length: 10 }, () => newEvent(group));
  const other = newEvent();
  await addAll(queue, [...events, other]);
  const perCase = 5;
  await taking(
    watched,
    [],
    async (taker) => {
      // The first of the group and the other one: no more, until the first has a verdict.
      await taker.has(2);
      deepEqual(new Set(taker.taken.map(idOf)), new Set([events[0]?.id, other.id]));
      for (let count = 3; count <= events.length + 1; count += 1) {
        taker.decide(DONE);
        if (count === 3) taker.decide(DONE);
        await taker.has(count);
      }
      const ofGroup = taker.taken.filter((taken) => taken.group === group);
      deepEqual(ofGroup.map(idOf), events.map(idOf));
    },
    perCase,
  );
}

async function worksAtOnce(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const events = Array.from({ length: 4 }, () => newEvent());
  await addAll(queue, events);
  await taking(
    watched,
    [],
    async (taker) => {
      await taker.has(3);
      deepEqual(taker.taken.map(idOf), events.slice(0, 3).map(idOf));
      taker.decide(DONE);
      await taker.has(4);
    },
    3,
  );
}

async function retries(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const group = newName();
  const [first, second] = [newEvent(group), newEvent(group)];
  await addAll(queue, [first, second]);
  await taking(watched, [RETRY, RETRY, DONE], async (taker) => {
    await taker.has(4);
    deepEqual(taker.taken, [
      { ...first, attempt: 1 },
      { ...first, attempt: 2 },
      { ...first, attempt: 3 },
      { ...second, attempt: 1 },
    ]);
  });
}

async function putsBack(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const event = newEvent();
  await queue.add(event);
  await taking(watched, [LATER, RETRY, LATER], async (taker) => {
    await taker.has(4);
    deepEqual(
      taker.taken.map(({ attempt }) => attempt),
      [1, 1, 2, 2],
    );
  });
}

async function buries(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const group = newName();
  const [first, second] = [newEvent(group), newEvent(group)];
  await addAll(queue, [first, second]);
  await taking(watched, [RETRY, DEAD], async (taker) => {
    await taker.has(3);
    equal(taker.taken[2]?.id, second.id);
    const dead = await untilDead(watched);
    deepEqual(
      dead.map(({ diedAtMs, ...rest }) => ({ ...rest, diedLately: Date.now() - diedAtMs < 60_000 })),
      [{ ...first, reason: 'A.b: TypeError', attempts: 2, diedLately: true }],
    );
  });
}

async function leavesDead(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const group = newName();
  const [dead, next] = [newEvent(group), newEvent(group)];
  await queue.add(dead);
  await taking(watched, [DEAD], async (taker) => {
    await taker.has(1);
    await untilDead(watched);
    await addAll(queue, [dead, next]);
    await taker.has(2);
    equal(taker.taken[1]?.id, next.id);
    equal((await queue.dead(10)).length, 1);
  });
}

async function replays(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const event = newEvent();
  await queue.add(event);
  await taking(watched, [RETRY, DEAD], async (taker) => {
    await taker.has(2);
    await untilDead(watched);
    equal(await queue.replay(newName()), false);
    equal(await queue.replay(event.id), true);
    await taker.has(3);
    deepEqual(taker.taken[2], { ...event, attempt: 1 });
    deepEqual(await queue.dead(10), []);
  });
}

async function discards(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const event = newEvent();
  await queue.add(event);
  await taking(watched, [DEAD], async (taker) => {
    await taker.has(1);
    await untilDead(watched);
    equal(await queue.discard(newName()), false);
    equal(await queue.discard(event.id), true);
    deepEqual(await queue.dead(10), []);
    equal(await queue.replay(event.id), false);
  });
}

async function stops(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const [first, second] = [newEvent(), newEvent()];
  await queue.add(first);
  const perProcess = 2;
  await taking(
    watched,
    [],
    async (stopped) => {
      await stopped.has(1);
      stopped.stop();
      await queue.add(second);
      await taking(watched, [DONE], async (other) => {
        await other.has(1);
        deepEqual(other.taken.map(idOf), [second.id]);
      });
      deepEqual(stopped.taken.map(idOf), [first.id]);
    },
    perProcess,
  );
}

async function givesBack(watched: WatchedQueue): Promise<void> {
  const { queue } = watched;
  const event = newEvent();
  await queue.add(event);
  await taking(watched, [], async (old) => {
    await old.has(1);
    old.stop();
    await old.giveBack();
    await taking(watched, [], async (next) => {
      await next.has(1);
      equal(next.taken[0]?.id, event.id);
    });
  });
}

// After the verdict, a queue may need a moment to list it among the dead letters.
async function untilDead({ queue, time }: WatchedQueue): ReturnType<EventQueue['dead']> {
  await time.until('an event is among the dead', async () => (await queue.dead(10)).length > 0);
  return queue.dead(10);
}
