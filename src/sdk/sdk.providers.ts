import type { Provider } from '@nestjs/common';

import { callingProvider, type ClientSettings } from '../client/client.providers.js';
import type { ProviderToken } from '../wiring/providers.js';
import { WixSdkClientFactory } from './wix-sdk-client.factory.js';

/** Calls through Wix's SDK. Loads the SDK only when a client is made. */
export const sdkProviders = (settings: ProviderToken<ClientSettings>): readonly Provider[] => [
  callingProvider(WixSdkClientFactory, settings),
];
