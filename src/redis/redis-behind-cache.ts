import type { OnModuleInit } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { failureReason } from '../core/failure-reason.js';
import type { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { withTimeout } from '../core/concurrency/with-timeout.js';
import { holdOpen } from './hold-open.js';
import { redisAdapterOf } from './redis-adapter.js';
import type { RedisClient } from './redis-client.js';
import { RedisAway, RedisConnection } from './redis-connection.js';

/** What is used of the cache of `@nestjs/cache-manager`: the Keyvs in it. */
export interface CacheStores {
  readonly stores: readonly KeyvAround[];
}

interface KeyvAround {
  readonly store?: unknown;
  readonly namespace?: string | undefined;
  on(event: 'error', listener: () => void): unknown;
}

// Redis may come up after the app; waiting a little lets the first requests find it.
const START_TIMEOUT_MS = 1_000;

/** The Redis in which the cache of a registration keeps its entries, if that is where it keeps them. */
export class RedisBehindCache implements OnModuleInit {
  readonly connection: RedisConnection | undefined;
  readonly #events: AuthEvents;

  /** @param shutdown closes the connection when nothing needs it any more. */
  constructor({ stores }: CacheStores, shutdown: Pick<GracefulShutdown, 'add'>, events = new AuthEvents()) {
    this.#events = events;
    const keyv = stores.find(({ store }) => redisAdapterOf(store) !== undefined);
    const close = holdOpen(keyv?.store);
    const adapter = redisAdapterOf(keyv?.store);
    if (keyv === undefined || adapter === undefined) return;
    // Each part reports the outages it meets; without a listener Keyv prints each of them.
    keyv.on('error', () => undefined);
    const connection = new RedisConnection(adapter, keyv.namespace);
    shutdown.add({
      close: () => {
        connection.close();
        return close();
      },
    });
    this.connection = connection;
  }

  async onModuleInit(): Promise<void> {
    const { connection } = this;
    if (connection === undefined) return;
    await withTimeout(START_TIMEOUT_MS, () => connection.open()).catch(() => undefined);
    this.#report(connection);
  }

  #report(connection: RedisConnection): void {
    try {
      void this.#reportSettings(connection.client());
    } catch (error) {
      this.#events.emit('redisUnreachable', {
        reason: error instanceof RedisAway ? error.reason : failureReason(error),
      });
    }
  }

  // Best effort: its user may not be allowed to ask.
  async #reportSettings(client: RedisClient): Promise<void> {
    const info = await withTimeout(START_TIMEOUT_MS, () => client.info('memory')).catch(() => '');
    const [, value = 'noeviction'] = /maxmemory_policy:([\w-]+)/.exec(String(info)) ?? [];
    if (value !== 'noeviction') this.#events.emit('redisSetting', { setting: 'maxmemory-policy', value });
  }
}
