import { jest } from '@jest/globals';

import { AuthEvents } from '../../../../src/core/auth-events.js';
import { GracefulShutdown } from '../../../../src/core/concurrency/graceful-shutdown.js';
import { WorkInProgress } from '../../../../src/core/concurrency/work-in-progress.js';
import { codeOf } from '../../../support/code-of.js';
import { deferred } from '../../../support/deferred.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('GracefulShutdown', () => {
  const events = new AuthEvents();
  let steps: string[];
  let abandoned: string[];
  let shutdown: GracefulShutdown;

  const take = (step: string) => () => Promise.resolve(void steps.push(step));
  /** What Nest does; the requests of its server have ended when `requests` has. */
  const close = async (requests: Promise<unknown> = Promise.resolve()): Promise<void> => {
    shutdown.onModuleDestroy();
    await shutdown.beforeApplicationShutdown();
    steps.push('drained');
    await requests;
    await shutdown.onApplicationShutdown();
  };
  events.on('shutdownAbandoned', ({ works }) => abandoned.push(...works));

  beforeEach(() => {
    jest.useFakeTimers();
    steps = [];
    abandoned = [];
    shutdown = new GracefulShutdown(10_000, events);
  });
  afterEach(() => void jest.useRealTimers());

  it('stops, waits for work in progress, releases, and closes in reverse order of opening', async () => {
    const work = new WorkInProgress();
    const answer = deferred<undefined>();
    void work.run(
      () => 'work',
      () => answer.promise,
    );
    shutdown.add({ close: take('close first') });
    shutdown.add({
      stop: () => void steps.push('stop'),
      idle: () => work.idle(),
      giveBack: take('give back'),
      close: take('close second'),
    });
    const closed = close();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(steps).toEqual(['stop']);
    answer.resolve(undefined);
    await jest.advanceTimersByTimeAsync(0);
    await closed;
    expect(steps).toEqual(['stop', 'drained', 'give back', 'close second', 'close first']);
    expect(abandoned).toEqual([]);
  });

  it('closes nothing before the requests of the server have ended', async () => {
    shutdown.add({ close: take('close') });
    const requests = deferred<undefined>();
    const closed = close(requests.promise);
    await jest.advanceTimersByTimeAsync(9_000);
    expect(steps).toEqual(['drained']);
    requests.resolve(undefined);
    await jest.advanceTimersByTimeAsync(0);
    await closed;
    expect(steps).toEqual(['drained', 'close']);
  });

  it('takes no more than twelve seconds in all, whatever hangs, and names it', async () => {
    const hanging = { idle: never, giveBack: never, close: never };
    shutdown.add({ ...hanging, underWay: () => ['a handler'] });
    shutdown.add({ ...hanging, abort: () => ['a call'] });
    const closed = jest.fn();
    void close().then(closed);
    await jest.advanceTimersByTimeAsync(12_000);
    expect(closed).toHaveBeenCalled();
    expect(abandoned.sort()).toEqual(['a call', 'a handler']);
  });

  it('releases and closes even while Nest still waits for a request', async () => {
    shutdown.add({ giveBack: take('give back'), close: take('close') });
    void close(never());
    await jest.advanceTimersByTimeAsync(12_000);
    expect(steps).toEqual(['drained', 'give back', 'close']);
  });

  it('closes everything although one part fails', async () => {
    shutdown.add({ close: take('close') });
    const fails = (): never => {
      throw new Error('No.');
    };
    shutdown.add({ idle: fails, giveBack: () => Promise.reject(new Error('No.')), close: fails });
    await close();
    expect(steps).toEqual(['drained', 'close']);
  });

  it('may end without having begun, as when an application did not start', async () => {
    await expect(shutdown.onApplicationShutdown()).resolves.toBeUndefined();
  });
});

describe('WorkInProgress', () => {
  it('rejects all work in progress when it is cut off, and names it', async () => {
    const work = new WorkInProgress();
    const running = ['one', 'two'].map((name) => work.run(() => name, never));
    const outcomes = Promise.allSettled(running);
    expect(work.cutOff(() => new Error('Over.'))).toEqual(['one', 'two']);
    await work.idle();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('does not count work that threw before there was a promise', async () => {
    const work = new WorkInProgress();
    const throws = (): never => {
      throw new Error('At once.');
    };
    await codeOf(() => work.run(() => 'work', throws));
    await expect(work.idle()).resolves.toBeUndefined();
  });
});
