import type { Endpoint } from '../endpoints/endpoint.js';
import { appInstallerEndpoints } from './app-installer.js';
import { customAuthenticationEndpoints } from './custom-authentication.js';
import { oauthAccessEndpoint } from './oauth-access.js';

/** What installations go through. */
export const installEndpoints: readonly Endpoint[] = [
  ...appInstallerEndpoints,
  ...customAuthenticationEndpoints,
  oauthAccessEndpoint,
];
