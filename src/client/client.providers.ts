import type { Provider } from '@nestjs/common';

import { WixClock } from '../core/clock.js';
import { InstanceLimiter } from '../http/limits/instance-limiter.js';
import { WixAgents } from '../http/wix-agents.js';
import { WixDestination } from '../http/wix-destination.js';
import { CallTokens } from '../tokens/call-tokens.js';
import { Traces } from '../diagnostics/traces.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import type { CallSettings } from './calls-axios.js';
import { CallWire } from './sending/call-wire.js';
import { WixHttpService } from './wix-http.service.js';

/** What `client/` is told of the options. */
export interface ClientSettings {
  readonly apiUrl: string;
  readonly calls: Omit<CallSettings, 'apiUrl'>;
}

/** Calls of the application to Wix. */
export const clientProviders = (settings: ProviderToken<ClientSettings>): readonly Provider[] => [
  factoryProvider(
    WixHttpService,
    [CallTokens, WixAgents, WixDestination, InstanceLimiter, WixClock, settings, Traces],
    (tokens, agents, destination, limiter, clock, { apiUrl, calls }, traces) =>
      new WixHttpService(
        { tokens, wire: new CallWire(agents.of('calls')), agents, destination, limiter, clock, traces },
        { apiUrl, ...calls },
      ),
  ),
];
