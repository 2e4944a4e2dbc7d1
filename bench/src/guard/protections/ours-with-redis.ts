import { createKeyv } from '@keyv/redis';

import type { GuardSettings } from '../guard-settings.js';
import type { Protection } from '../protection.js';
import { protection as ours } from './ours.js';

export const protection = (settings: GuardSettings): Protection =>
  ours(settings, { stores: [createKeyv(settings.redisUrl)] });
