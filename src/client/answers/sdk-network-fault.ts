import { isJsonObject, objectOf, textOf } from '../../core/values/json.js';

/**
 * Whether an error is that of a module of Wix's SDK whose request got no answer. The modules write over the message and
 * the code of what `fetch` threw, and leave its name and cause.
 */
export const isNetworkFaultOfSdk = (error: unknown): boolean =>
  isJsonObject(error) &&
  error['name'] === 'TypeError' &&
  error['runtimeError'] === error &&
  textOf(objectOf(error, 'cause'), 'code') !== undefined;
