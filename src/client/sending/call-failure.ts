import { isAxiosError } from 'axios';

import { WixMisconfiguredError, WixUnavailableError } from '../../core/wix-auth.errors.js';
import { tooLong } from '../answers/response-body.js';

/**
 * What a request without a usable answer failed for. An axios error prints the request's headers, token included, so
 * only its code goes on; anything else passes untouched.
 */
export function failureOf(error: unknown, maxBytes: number): unknown {
  if (!isAxiosError(error)) return error;
  if (error.message.includes('maxContentLength')) return tooLong(maxBytes);
  const code = error.code ?? 'no code';
  if (code.startsWith('ERR_BAD_OPTION') || code === 'ERR_BAD_REQUEST' || code === 'ERR_NOT_SUPPORT') {
    return new WixMisconfiguredError(`The call was not sent, because axios cannot: ${error.message}.`);
  }
  return new WixUnavailableError(`Wix cannot be reached, or broke off its answer (${code}).`, {
    cause: new Error(code),
  });
}
