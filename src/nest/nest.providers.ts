import type { Provider } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';

import { factoryProvider } from '../wiring/providers.js';
import { RouteAddresses } from './route-addresses.js';

/** What other rooms need to know of Nest's routes. */
export const nestProviders: readonly Provider[] = [
  factoryProvider(
    RouteAddresses,
    [ModulesContainer, ApplicationConfig],
    (modules, config) => new RouteAddresses(modules, config),
  ),
];
