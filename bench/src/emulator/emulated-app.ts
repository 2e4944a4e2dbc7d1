import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WixAuthModule, type WixAuthExtras, type WixAuthOptions } from 'nestjs-wix-auth';

import type { EmulatedSettings } from './emulated-settings.js';

/** An app without routes that takes the emulator for Wix; `changes` go on top of options and extras. */
export const emulatedApp = (
  settings: EmulatedSettings,
  changes: Partial<WixAuthOptions & WixAuthExtras> = {},
): Promise<INestApplicationContext> =>
  NestFactory.createApplicationContext(WixAuthModule.forRoot({ ...settings, requestTimeoutMs: 60_000, ...changes }), {
    logger: ['error', 'warn'],
  });
