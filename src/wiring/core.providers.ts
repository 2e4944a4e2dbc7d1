import type { Provider } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { SystemClock, WixClock } from '../core/clock.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { PresentedTokens } from '../core/identities/presented-tokens.js';
import { classProvider, factoryProvider, type ProviderToken } from './providers.js';

/** The options that `core/` needs. */
export interface CoreSettings {
  readonly shutdownTimeoutMs: number;
}

/** The providers of `core/`. They are here because `core/` knows no framework. */
export const coreProviders = (settings: ProviderToken<CoreSettings>): readonly Provider[] => [
  classProvider(WixClock, SystemClock),
  factoryProvider(PresentedTokens, [], () => new PresentedTokens()),
  factoryProvider(AuthEvents, [], () => new AuthEvents()),
  factoryProvider(KnownInstances, [WixClock], (clock) => new KnownInstances(clock)),
  factoryProvider(
    GracefulShutdown,
    [settings, AuthEvents],
    ({ shutdownTimeoutMs }, events) => new GracefulShutdown(shutdownTimeoutMs, events),
  ),
];
