import type { Provider } from '@nestjs/common';

import { InstanceLimiter } from '../http/limits/instance-limiter.js';
import { WixAgents } from '../http/wix-agents.js';
import { WixDestination } from '../http/wix-destination.js';
import { CallTokens } from '../tokens/call-tokens.js';
import { Traces } from '../diagnostics/traces.js';
import { factoryProvider } from '../wiring/providers.js';
import { WixSdkClientFactory } from './wix-sdk-client.factory.js';

/** Calls through Wix's SDK. Loads the SDK only when a client is made. */
export const sdkProviders: readonly Provider[] = [
  factoryProvider(
    WixSdkClientFactory,
    [CallTokens, WixAgents, WixDestination, InstanceLimiter, Traces],
    (tokens, agents, destination, limiter, traces) =>
      new WixSdkClientFactory({ tokens, agents, destination, limiter, traces }),
  ),
];
