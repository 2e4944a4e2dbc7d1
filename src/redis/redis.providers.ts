import { Cache } from '@nestjs/cache-manager';
import type { Provider } from '@nestjs/common';

import type { AppCredentials } from '../core/app-credentials.js';
import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { CacheManagerTokenStore } from '../store/cache-manager-token.store.js';
import { EventLedger } from '../store/event-ledger.js';
import { InMemoryEventLedger } from '../store/in-memory-event.ledger.js';
import { InvalidationBus, NoInvalidationBus } from '../store/invalidation-bus.js';
import { TokenStore } from '../store/token-store.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { RedisBehindCache } from './redis-behind-cache.js';
import { RedisEventLedger } from './redis-event.ledger.js';
import { RedisInvalidationBus } from './redis-invalidation-bus.js';
import { RedisTokenStore } from './redis-token.store.js';

/** What `redis/` is told of the options. */
export interface RedisSettings {
  readonly app: AppCredentials;
  readonly apiUrl: string;
  readonly sharesCache: boolean;
}

/**
 * The ports of `store/`: on the Redis behind the application's cache, where there is one.
 *
 * @param webhooks - whether webhooks are taken; without them the {@link EventLedger} is for digests that count once.
 */
export const redisProviders = (settings: ProviderToken<RedisSettings>, webhooks: boolean): readonly Provider[] => [
  factoryProvider(
    RedisBehindCache,
    [Cache, GracefulShutdown, AuthEvents],
    (cache, shutdown, events) => new RedisBehindCache(cache, shutdown, events),
  ),
  factoryProvider(TokenStore, [Cache, RedisBehindCache, settings], (cache, { connection }, { sharesCache }) =>
    connection === undefined ? new CacheManagerTokenStore(cache, sharesCache) : new RedisTokenStore(connection),
  ),
  factoryProvider(InvalidationBus, [RedisBehindCache, GracefulShutdown], ({ connection }, shutdown) =>
    connection === undefined ? new NoInvalidationBus() : new RedisInvalidationBus(connection, shutdown),
  ),
  ledgerProvider(settings, webhooks),
];

const ledgerProvider = (settings: ProviderToken<RedisSettings>, webhooks: boolean): Provider =>
  factoryProvider(
    EventLedger,
    [RedisBehindCache, WixClock, AuthEvents, settings],
    ({ connection }, clock, events, { app, apiUrl }) =>
      connection === undefined
        ? new InMemoryEventLedger(clock, undefined, webhooks ? 'webhooks' : 'digests', events)
        : new RedisEventLedger(connection, app, apiUrl),
  );
