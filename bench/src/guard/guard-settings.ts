import type { EmulatedSettings } from '../emulator/emulated-settings.js';
import type { VariantName } from './variants.js';

/** Which server to start. */
export interface GuardSettings extends EmulatedSettings {
  readonly platform: 'express' | 'fastify';
  readonly variant: VariantName;
  /** What passport-jwt verifies with. */
  readonly jwtSecret: string;
  /** The Redis of the variant that has one. */
  readonly redisUrl: string;
}
