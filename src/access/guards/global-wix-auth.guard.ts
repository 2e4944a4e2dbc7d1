import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

import { AUTHORITY } from '../../core/marks.js';
import type { WixAuthority } from '../policy/authority.js';
import { WixAuthGuard } from './wix-auth.guard.js';

/**
 * The guard of `globalGuard`: delegates to the registration's {@link WixAuthGuard}, or to what a test
 * has replaced it with.
 *
 * Looks it up when it is needed, because Nest must never find that this guard depends on something request-scoped: some
 * releases then leave it out, and every route is open. Here such a guard cannot be looked up, and nothing passes.
 */
export class GlobalWixAuthGuard implements CanActivate {
  static readonly [AUTHORITY]: WixAuthority = 'auth';

  readonly #module: ModuleRef;
  #guard: CanActivate | undefined;

  constructor(module: ModuleRef) {
    this.#module = module;
  }

  /** The guard that decides. */
  get guard(): CanActivate {
    return (this.#guard ??= this.#module.get<CanActivate>(WixAuthGuard));
  }

  canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    return this.guard.canActivate(context);
  }
}
