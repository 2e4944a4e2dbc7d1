import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import type { WixAuthority } from '../policy/authority.js';
import { WixAccess } from './wix-access.service.js';

/** What our guards have in common: they ask, and decide nothing themselves. */
@Injectable()
export abstract class WixGuard implements CanActivate {
  readonly #access: WixAccess;
  readonly #authority: WixAuthority;

  constructor(access: WixAccess, authority: WixAuthority) {
    this.#access = access;
    this.#authority = authority;
  }

  /** `true` at once for a caller verified lately; otherwise a promise, which rejects when the caller is refused. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return this.#access.admit(context, this.#authority);
  }

  /** Whether this guard asks that registration. */
  asks(access: WixAccess): boolean {
    return this.#access === access;
  }
}
