import type { AxiosResponse } from 'axios';

import { parseJson } from '../../core/values/json.js';
import type { WixUnavailableError } from '../../core/wix-auth.errors.js';
import type { WixAccessToken } from '../../tokens/wix-access-token.js';
import { saysTokenRefused } from '../answers/api-problem.js';

/** Wix answered, but not with what the call accepts. */
export class RefusedAttempt {
  readonly token: WixAccessToken;
  readonly response: AxiosResponse<unknown>;

  constructor(token: WixAccessToken, response: AxiosResponse<unknown>) {
    this.token = token;
    this.response = response;
  }

  /** Whether it was the token that Wix refused. */
  get isForItsToken(): boolean {
    const { status, data } = this.response;
    if (status === 400 && typeof data === 'string') return saysTokenRefused(parseJson(data));
    return status === 401;
  }
}

/** No answer came, or not all of it. */
export class LostAttempt {
  readonly error: WixUnavailableError;

  constructor(error: WixUnavailableError) {
    this.error = error;
  }
}

/** Why an attempt failed; another one may succeed. */
export type FailedAttempt = RefusedAttempt | LostAttempt;
