import { types } from 'node:util';

import { TimeoutError } from './concurrency/with-timeout.js';

/**
 * Why something failed, as a code for the log: Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), or the first word of
 * a Redis reply (`WRONGPASS`, `OOM`). Never the text: it may contain a store's address and password.
 */
export function failureReason(error: unknown): string {
  if (error instanceof TimeoutError) return 'too slow';
  if (!isError(error)) return 'unknown error';
  return codeOf(error) ?? replyCodeOf(error) ?? reasonBehind(error) ?? error.name;
}

// Also one of another realm, such as that of a test runner.
const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;
// Only words that Redis uses itself: the first word of any other text may be anything.
const REPLY =
  /^(WRONGPASS|NOAUTH|NOPERM|OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|CROSSSLOT|MOVED|BUSY|MISCONF|NOREPLICAS|TRYAGAIN|NOSCRIPT|WRONGTYPE|UNKILLABLE|DENIED|ERR)\b/;

function codeOf(error: Error): string | undefined {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}

const replyCodeOf = ({ message }: Error): string | undefined => REPLY.exec(message)?.[1];

// Wrapped, or one of several addresses that were tried.
function reasonBehind(error: Error): string | undefined {
  const errors: unknown = Reflect.get(error, 'errors');
  const behind: unknown = Array.isArray(errors) ? errors.at(-1) : error.cause;
  return isError(behind) && behind !== error ? failureReason(behind) : undefined;
}

/** Where something failed. The text alone: an error object, printed, may show requests and their headers. */
export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : 'Not an Error';
