import type { Endpoint } from '../endpoints/endpoint.js';
import { appInstallerEndpoints } from './app-installer.js';
import { appMarketEndpoint } from './app-market.js';
import { customAuthenticationEndpoints } from './custom-authentication.js';
import { oauthAccessEndpoint } from './oauth-access.js';

/** What installations go through. */
export const installEndpoints: readonly Endpoint[] = [
  appMarketEndpoint,
  ...appInstallerEndpoints,
  ...customAuthenticationEndpoints,
  oauthAccessEndpoint,
];
