import { jest } from '@jest/globals';

import { IntrospectionLimiter } from '../../../../src/identity/introspection/introspection-limiter.js';
import { RecentInstallations } from '../../../../src/identity/introspection/recent-installations.js';
import { INSTANCE, OTHER_INSTANCE } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { LeasingTokenStore } from '../../../support/leasing-token-store.js';
import { sharingBy } from '../../../support/sharing.js';

const LIMITS = { maxRequestsPerSecond: 100, maxWaitMs: 10_000 };

describe('IntrospectionLimiter', () => {
  let clock: FakeClock;
  let store: LeasingTokenStore;
  let known: RecentInstallations;
  let limiter: IntrospectionLimiter;
  let sent: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    clock = new FakeClock();
    store = new LeasingTokenStore();
    known = new RecentInstallations(sharingBy(store, clock).store, clock);
    limiter = new IntrospectionLimiter(LIMITS, known, clock);
    sent = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const send = (instanceId: string): Promise<unknown> =>
    codeOf(() =>
      limiter.run(instanceId, () => {
        sent.push(instanceId);
        return Promise.resolve();
      }),
    );
  const flood = (count: number): void => {
    for (let index = 0; index < count; index += 1) void send(`invented ${String(index)}`);
  };
  const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

  it('returns the answer', async () => {
    expect(await limiter.run(INSTANCE, () => Promise.resolve('answer'))).toBe('answer');
  });

  it('runs a known installation before all that wait for unknown ones', async () => {
    known.note(INSTANCE);
    flood(500);
    await settle();
    expect(sent).toHaveLength(75);

    await send(INSTANCE);
    expect(sent.at(-1)).toBe(INSTANCE);
  });

  it('knows an installation from the store, as after a deploy', async () => {
    new RecentInstallations(sharingBy(store, clock).store, clock).note(INSTANCE);
    await settle();
    flood(500);
    await settle();
    await send(INSTANCE);

    expect(sent.at(-1)).toBe(INSTANCE);
  });

  it('does not read the store while there is capacity', async () => {
    const reads = jest.spyOn(store, 'get');
    await send('invented');

    expect(reads).not.toHaveBeenCalled();
  });

  it('lets a known installation that a flood names wait for other known ones', async () => {
    known.note(INSTANCE);
    known.note(OTHER_INSTANCE);
    limiter.noteRefused(INSTANCE);
    for (let index = 0; index < 200; index += 1) void send(INSTANCE);
    await settle();
    expect(sent).toHaveLength(87);
    await send(OTHER_INSTANCE);

    expect(sent.at(-1)).toBe(OTHER_INSTANCE);
  });

  it('forgets after a minute that a flood named an installation', async () => {
    known.note(INSTANCE);
    limiter.noteRefused(INSTANCE);
    clock.advance(60_000);
    for (let index = 0; index < 200; index += 1) void send(INSTANCE);
    await settle();

    expect(sent).toHaveLength(100);
  });

  it('answers 503 when a turn does not come in time', async () => {
    flood(1_000);
    const outcome = send('one more');
    await jest.advanceTimersByTimeAsync(10_000);

    expect(await outcome).toMatch(/none|WIX_UNAVAILABLE/);
    expect(sent.length).toBeLessThanOrEqual(1_001);
  });
});
