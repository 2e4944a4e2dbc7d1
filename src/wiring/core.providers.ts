import type { Provider } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { SystemClock, WixClock } from '../core/clock.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { KnownInstances } from '../core/identities/known-instances.js';
import { PresentedTokens } from '../core/identities/presented-tokens.js';
import { classProvider, factoryProvider, type ProviderToken } from './providers.js';

/** What `core/` is told of the options. */
export interface CoreSettings {
  readonly shutdownTimeoutMs: number;
}

/** The parts of `core/`, which knows no framework: they stand here instead of there. */
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
