import type { OnApplicationBootstrap } from '@nestjs/common';

import type { AuthEvents } from '../core/auth-events.js';
import { instanceIdFromWix } from '../core/identities/wix-instance-id.js';
import { WixAppRefusedError, WixInstanceUnknownError, WixMisconfiguredError } from '../core/wix-auth.errors.js';
import type { TokenEndpoint } from './token.endpoint.js';

/** Whether Wix is asked at start-up if the app's id and secret are good; `'required'`: not to start when it says no. */
export type VerifyOnStart = boolean | 'required';

// Belongs to no site: with a good secret, Wix answers that it knows no such installation (seen, July 2026).
const NO_INSTANCE = instanceIdFromWix('00000000-0000-0000-0000-000000000000');

/** Asks Wix once, at start-up, whether the app's id and secret are valid. */
export class AppCheck implements OnApplicationBootstrap {
  readonly #endpoint: TokenEndpoint;
  readonly #isWanted: VerifyOnStart;
  readonly #events: AuthEvents;

  constructor(endpoint: TokenEndpoint, isWanted: VerifyOnStart, events: AuthEvents) {
    this.#endpoint = endpoint;
    this.#events = events;
    this.#isWanted = isWanted;
  }

  /** @throws {@link WixMisconfiguredError} when Wix refuses them and `verifyOnStart` is `'required'`. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.#isWanted === false) return;
    try {
      await this.#endpoint.mint(NO_INSTANCE);
      this.#accepted();
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    if (error instanceof WixInstanceUnknownError) this.#accepted();
    else if (error instanceof WixAppRefusedError) this.#refused(error);
    else this.#events.emit('appNotVerified', { reason: textOf(error) });
  }

  #accepted(): void {
    this.#events.emit('appVerified', {});
  }

  #refused({ code, message }: WixAppRefusedError): void {
    if (this.#isWanted === 'required') throw new WixMisconfiguredError(message);
    this.#events.emit('operatorError', { code, message });
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'unexpected error');
