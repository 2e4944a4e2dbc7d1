import { installEndpoints } from '../install/install-endpoints.js';
import { appInstanceEndpoint, biEventEndpoint } from './app-instance.js';
import { contactEndpoints } from './contacts.js';
import { contributorsEndpoint } from './contributors.js';
import type { Endpoint } from './endpoint.js';
import { openIdEndpoints } from './open-id.js';
import { playgroundEndpoints } from './playground.js';
import { catalogV1Endpoints } from './stores/catalog-v1.js';
import { catalogV3Endpoints } from './stores/catalog-v3.js';
import { catalogVersionEndpoint } from './stores/catalog-version.js';
import { tokenInfoEndpoint } from './token-info.js';
import { tokenEndpoint } from './token.js';

/** Every built-in endpoint of the emulator. */
export const platformEndpoints: readonly Endpoint[] = [
  tokenEndpoint,
  tokenInfoEndpoint,
  appInstanceEndpoint,
  biEventEndpoint,
  contributorsEndpoint,
  ...installEndpoints,
  catalogVersionEndpoint,
  ...catalogV1Endpoints,
  ...catalogV3Endpoints,
  ...contactEndpoints,
  ...openIdEndpoints,
  ...playgroundEndpoints,
];
