import { withTimeout } from '../core/concurrency/with-timeout.js';
import { redisAdapterOf, type RedisAdapter } from './redis-adapter.js';

const DISCONNECT_MS = 300;

interface Hold {
  /** How many registrations still need the connection. */
  count: number;
  disconnect(): Promise<void>;
}

// On the store itself, which several registrations may share.
const HOLD = Symbol.for('nestjs-wix-auth/redis-hold@1');

/**
 * Keeps the Redis behind a Keyv connected until the returned function is called. When the app closes, Nest has all
 * stores of its cache disconnected first, when handlers and requests still need Redis; such a call waits for nothing and
 * does nothing. `disconnect(true)` ends the connection at once, as always.
 */
export function holdOpen(store: unknown): () => Promise<void> {
  const hold = holdOn(store);
  if (hold === undefined) return () => Promise.resolve();
  hold.count += 1;
  return async () => {
    hold.count -= 1;
    if (hold.count === 0) await hold.disconnect();
  };
}

function holdOn(store: unknown): Hold | undefined {
  const present = Reflect.get(Object(store), HOLD) as Hold | undefined;
  if (present !== undefined) return present;
  const adapter = redisAdapterOf(store);
  if (adapter === undefined) return undefined;
  const hold: Hold = { count: 0, disconnect: () => disconnected(adapter) };
  Reflect.set(Object(store), HOLD, hold);
  adapter.replaceDisconnect(async (force = false) => {
    if (force) adapter.client.end();
    else if (hold.count === 0) await hold.disconnect();
  });
  return hold;
}

// A Redis that hangs, or a lost cluster master, never sends the replies that a client waits for.
async function disconnected(adapter: RedisAdapter): Promise<void> {
  try {
    await withTimeout(DISCONNECT_MS, () => adapter.disconnect());
  } catch {
    adapter.client.end();
  }
}
