import type * as WixSdk from '@wix/sdk';

import { WixMisconfiguredError } from '../core/wix-auth.errors.js';

/**
 * Wix's SDK. It is loaded when it is needed, because not every app has it.
 *
 * @throws {@link WixMisconfiguredError} when it is not installed.
 */
export async function loadSdk(load: () => Promise<typeof WixSdk> = () => import('@wix/sdk')): Promise<typeof WixSdk> {
  try {
    return await load();
  } catch (error) {
    throw isAbsence(error)
      ? new WixMisconfiguredError('nestjs-wix-auth/sdk needs the package @wix/sdk: npm install @wix/sdk', {
          cause: error,
        })
      : error;
  }
}

// Its own dependencies may be missing instead; installing it would not help.
const isAbsence = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
  error.message.includes("'@wix/sdk'");
