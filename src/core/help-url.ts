import type { WixAuthErrorCode } from './wix-auth.errors.js';

const MANUAL = 'https://nestjs-wix-auth.github.io/nestjs-wix-auth';

/** The page of the manual about an error code: what it means, how to find out why, and what to do. */
export const helpUrlOf = (code: WixAuthErrorCode | 'WIX_API_ERROR'): string => `${MANUAL}/errors/${code}`;
