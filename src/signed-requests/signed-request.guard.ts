import { type CanActivate, type ExecutionContext, type OnApplicationBootstrap } from '@nestjs/common';

import { COPY, thisCopy } from '../core/marks.js';
import { missingRegistration } from '../nest/missing-registration.js';
import type { WixSignedRequestService } from './wix-signed-request.service.js';

/** What the guards of signed requests have in common. */
export abstract class SignedRequestGuard implements CanActivate, OnApplicationBootstrap {
  /** @internal */
  static readonly [COPY] = thisCopy;

  readonly #requests: WixSignedRequestService | undefined;

  constructor(requests: WixSignedRequestService | undefined) {
    this.#requests = requests;
  }

  /** Whether Wix signed the request. Throws when it did not. */
  abstract canActivate(context: ExecutionContext): boolean;

  /**
   * After every `onModuleInit`: a registration of another copy of this package then has said so.
   *
   * @throws {@link WixMisconfiguredError} where no registration is visible.
   */
  onApplicationBootstrap(): void {
    if (this.#requests === undefined) throw missingRegistration(this);
  }

  /** What verifies for this guard. */
  protected get requests(): WixSignedRequestService {
    if (this.#requests === undefined) throw missingRegistration(this);
    return this.#requests;
  }
}
