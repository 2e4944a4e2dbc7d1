import { Injectable, type CanActivate, type ExecutionContext, type OnApplicationBootstrap } from '@nestjs/common';

import { COPY, thisCopy } from '../../core/marks.js';
import { missingRegistration } from '../../nest/missing-registration.js';
import type { WixAuthority } from '../policy/authority.js';
import { WixAccess } from './wix-access.service.js';

/** The base of our guards: they delegate, and decide nothing themselves. */
@Injectable()
export abstract class WixGuard implements CanActivate, OnApplicationBootstrap {
  /** @internal */
  static readonly [COPY] = thisCopy;

  readonly #access: WixAccess | undefined;
  readonly #authority: WixAuthority;

  constructor(access: WixAccess | undefined, authority: WixAuthority) {
    this.#access = access;
    this.#authority = authority;
  }

  /**
   * After every `onModuleInit`: a registration of another copy of this package then has said so.
   *
   * @throws {@link WixMisconfiguredError} where no registration is visible.
   */
  onApplicationBootstrap(): void {
    if (this.#access === undefined) throw missingRegistration(this);
  }

  /** `true` at once for a caller verified lately; otherwise a promise, which rejects when the caller is refused. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.#access === undefined) throw missingRegistration(this);
    return this.#access.admit(context, this.#authority);
  }

  /** Whether this guard asks that registration. */
  asks(access: WixAccess): boolean {
    return this.#access === access;
  }
}
