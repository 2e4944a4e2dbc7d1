import { digestOf } from '../../core/digest.js';
import { BoundedCache } from '../../core/bounded-cache.js';
import { ownCopyOf } from '../../core/values/own-copy.js';
import {
  WixCredentialsExpiredError,
  WixCredentialsRejectedError,
  WixCredentialsWrongAppError,
  type WixAuthError,
} from '../../core/wix-auth.errors.js';

interface Refusal {
  readonly error: WixAuthError;
  readonly untilMs: number;
}

/** Tokens that Wix refused recently. In this process only: strangers must not fill a shared store. */
export class RefusedTokens {
  readonly #refusals = new BoundedCache<string, Refusal>();

  /** Why this token was refused recently, if it was. */
  find(token: string, nowMs: number): WixAuthError | undefined {
    const refusal = this.#refusals.get(digestOf(token));
    return refusal !== undefined && refusal.untilMs > nowMs ? ownCopyOf(refusal.error) : undefined;
  }

  /** Remembers a refusal. An error that is not one (an outage) is not remembered. */
  remember(token: string, error: unknown, untilMs: number): void {
    if (isRefusal(error)) this.#refusals.set(digestOf(token), { error: ownCopyOf(error), untilMs });
  }

  /** Forgets all refusals. */
  clear(): void {
    this.#refusals.clear();
  }
}

/** Whether an error refuses the token, rather than reporting that Wix could not be reached. */
export const isRefusal = (error: unknown): error is WixAuthError =>
  error instanceof WixCredentialsRejectedError ||
  error instanceof WixCredentialsWrongAppError ||
  error instanceof WixCredentialsExpiredError;
