import { HttpService } from '@nestjs/axios';
import type { Provider } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { GracefulShutdown } from '../core/concurrency/graceful-shutdown.js';
import { Traces } from '../diagnostics/traces.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { InstanceLimiter } from './limits/instance-limiter.js';
import { WixAgents, type OwnAgents } from './wix-agents.js';
import { WixControlClient } from './wix-control.client.js';
import { WixDestination } from './wix-destination.js';

/** What `http/` is told of the options. */
export interface HttpSettings {
  readonly apiUrl: string;
  readonly requestTimeoutMs: number;
  readonly verification: { readonly maxWaitMs: number };
  readonly http: { readonly agents: () => OwnAgents; readonly mayReachWix: boolean };
  readonly calls: { readonly requestsPerMinute: number | undefined };
}

/** Connections to Wix, and their limits. */
export const httpProviders = (settings: ProviderToken<HttpSettings>): readonly Provider[] => [
  factoryProvider(
    WixAgents,
    [GracefulShutdown, settings],
    (shutdown, { http }) => new WixAgents(shutdown, http.agents(), http.mayReachWix),
  ),
  factoryProvider(
    WixControlClient,
    [HttpService, WixAgents, WixClock, settings, AuthEvents, Traces],
    (http, agents, clock, { apiUrl, requestTimeoutMs, verification: { maxWaitMs } }, events, traces) =>
      new WixControlClient(http, agents, clock, { apiUrl, requestTimeoutMs, maxWaitMs }, events, traces),
  ),
  factoryProvider(WixDestination, [settings], ({ apiUrl }) => new WixDestination(apiUrl)),
  factoryProvider(
    InstanceLimiter,
    [settings, Traces],
    ({ calls: { requestsPerMinute } }, { limiter }) => new InstanceLimiter(requestsPerMinute, limiter),
  ),
];
