import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { RedisTokenStore } from '../../../src/redis/redis-token.store.js';
import { SealedStore } from '../../../src/store/sealed-store.js';
import { SharedValues, type SharedWork } from '../../../src/store/shared-values.js';
import { API_URL, app } from '../../support/app.js';
import { StoreCircuit } from '../../../src/store/store-circuit.js';
import { loggedEvents } from '../../support/logged-events.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RedisConnections } from '../../support/redis-connections.js';
import { RedisServer } from '../../support/redis-server.js';

const REQUEST_TIMEOUT_MS = 60_000;

describe('RedisTokenStore where scripts are refused', () => {
  const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const connections = new RedisConnections();
  const clock = new FakeClock();
  let redis: RedisServer;

  const work = (name: string): SharedWork<string> => ({
    name,
    instanceId: undefined,
    accept: (entry) => (typeof entry === 'string' ? entry : undefined),
    obtain: () => Promise.resolve('value'),
    entryOf: (entry) => ({ entry, untilMs: clock.nowMs() + 60_000 }),
    isStillValid: () => true,
  });
  const values = async (): Promise<SharedValues> => {
    const store = new SealedStore(
      new RedisTokenStore(await connections.open(redis.url)),
      app(),
      API_URL,
      clock,
      new StoreCircuit(loggedEvents()),
    );
    return new SharedValues('kind', store, clock, REQUEST_TIMEOUT_MS);
  };

  beforeAll(async () => {
    redis = await RedisServer.start(['--rename-command', 'EVAL', '']);
  });

  afterAll(async () => {
    warnings.mockRestore();
    await connections.close();
    await redis.stop();
  });

  it('shares values without leases, says so once, and lets nobody wait for one', async () => {
    const one = await values();
    for (const name of ['a', 'b', 'c', 'd']) await one.obtain(work(name));
    const other = await values();

    await expect(other.find(work('d'))).resolves.toBe('value');
    await expect(other.obtain(work('e'))).resolves.toBe('value');
    expect(warnings).toHaveBeenCalledTimes(1);
  });
});
