import type { Provider } from '@nestjs/common';

import { ROUTES_READER } from '../core/marks.js';
import { wixRoutes } from './wix-routes.js';

/** Lets programs read the routes of an application that uses this copy. */
export const manifestProviders: readonly Provider[] = [{ provide: ROUTES_READER, useValue: wixRoutes }];
