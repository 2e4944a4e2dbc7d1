import type { Provider, Type } from '@nestjs/common';

import { WixClock } from '../core/clock.js';
import { InstanceLimiter } from '../http/limits/instance-limiter.js';
import { WixAgents } from '../http/wix-agents.js';
import { WixDestination } from '../http/wix-destination.js';
import { CallTokens } from '../tokens/call-tokens.js';
import { Traces } from '../diagnostics/traces.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import type { CallSettings } from './calls-axios.js';
import type { CallParts } from './sending/call-sender.js';
import { CallWire } from './sending/call-wire.js';
import { WixHttpService } from './wix-http.service.js';

/** What `client/` is told of the options. */
export interface ClientSettings {
  readonly apiUrl: string;
  readonly calls: Omit<CallSettings, 'apiUrl'>;
}

type Client<Instance> = Type<Instance> & (new (parts: CallParts, settings: CallSettings) => Instance);

/** What sends calls, in whatever form its clients have them. */
export const callingProvider = <Instance>(
  client: Client<Instance>,
  settings: ProviderToken<ClientSettings>,
): Provider =>
  factoryProvider(
    client,
    [CallTokens, WixAgents, WixDestination, InstanceLimiter, WixClock, settings, Traces],
    (tokens, agents, destination, limiter, clock, { apiUrl, calls }, traces) =>
      new client(
        { tokens, wire: new CallWire(agents.of('calls')), agents, destination, limiter, clock, traces },
        { apiUrl, ...calls },
      ),
  );

/** Calls of the application to Wix. */
export const clientProviders = (settings: ProviderToken<ClientSettings>): readonly Provider[] => [
  callingProvider(WixHttpService, settings),
];
