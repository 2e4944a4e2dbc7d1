import type { ModulesContainer } from '@nestjs/core';

import { AppRequests } from '../grants/app-requests.js';
import { UserGrants } from '../grants/users/user-grants.js';

/** Whether a registration looks up users' roles at Wix, which the default of {@link UserGrants} does. */
export const looksUpRoles = (modules: ModulesContainer): boolean =>
  [...modules.values()].some(({ providers }) => providers.get(UserGrants)?.inject?.includes(AppRequests) === true);
