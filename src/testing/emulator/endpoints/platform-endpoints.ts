import { installEndpoints } from '../install/install-endpoints.js';
import { appInstanceEndpoint, biEventEndpoint } from './app-instance.js';
import { contributorsEndpoint } from './contributors.js';
import type { Endpoint } from './endpoint.js';
import { playgroundEndpoints } from './playground.js';
import { productEndpoints } from './products.js';
import { tokenInfoEndpoint } from './token-info.js';
import { tokenEndpoint } from './token.js';

/** Every endpoint the emulator has of its own. */
export const platformEndpoints: readonly Endpoint[] = [
  tokenEndpoint,
  tokenInfoEndpoint,
  appInstanceEndpoint,
  biEventEndpoint,
  contributorsEndpoint,
  ...installEndpoints,
  ...productEndpoints,
  ...playgroundEndpoints,
];
