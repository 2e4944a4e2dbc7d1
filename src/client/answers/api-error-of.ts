import type { AxiosResponse } from 'axios';

import { requestIdText } from '../../core/values/upstream-text.js';
import { retryAfterMs } from '../../http/limits/retry-after.js';
import { hintText, permissionHint } from './permission-hint.js';
import { isRedirect } from './redirect.js';
import { errorBody } from './response-body.js';
import { WixApiError, type WixApiAnswer } from './wix-api.error.js';

/** The error for an answer that a call does not accept. */
export const apiErrorOf = async (response: AxiosResponse<unknown>, url: string, nowMs: number): Promise<WixApiError> =>
  new WixApiError(await apiAnswerOf(response, url, nowMs));

/** What such an answer says. */
export async function apiAnswerOf(response: AxiosResponse<unknown>, url: string, nowMs: number): Promise<WixApiAnswer> {
  const { status, headers, config } = response;
  const method = (config.method ?? 'get').toUpperCase();
  const path = new URL(url).pathname;
  const hint = status === 403 ? await permissionHint(method, path) : undefined;
  return {
    method,
    path,
    status,
    body: await errorBody(response.data),
    requestId: requestIdText(headers['x-wix-request-id']),
    retryAfterMs: retryAfterMs(headers['retry-after'], nowMs),
    permissionHint: hint,
    remark: isRedirect(response) ? NOT_FOLLOWED : hint && hintText(hint),
  };
}

const NOT_FOLLOWED =
  'The redirect was not followed and nothing was sent there: a token goes nowhere but to the API, and only GET and ' +
  'HEAD are asked again. To read the location, set maxRedirects: 0 and a validateStatus that accepts the status.';
