import { applyDecorators, UseGuards } from '@nestjs/common';

import type { WixScope } from '../../grants/scopes/wix-scope.js';
import { declare } from '../policy/access-declaration.js';
import { WixUserGuard } from '../guards/wix-user.guard.js';

/** What {@link WixUserAuth} takes. */
export interface WixUserAuthOptions {
  /** Scopes that the app and the user must both hold, all of them. */
  readonly scopes?: readonly WixScope[];
  /** Scopes of which the app and the user must both hold one. */
  readonly anyScope?: readonly WixScope[];
}

/** {@link WixUserGuard} with its scopes in one line: a route that acts for a Wix user. */
export const WixUserAuth = ({ scopes, anyScope }: WixUserAuthOptions = {}): ClassDecorator & MethodDecorator =>
  applyDecorators(
    UseGuards(WixUserGuard),
    declare({ all: scopes === undefined ? [] : [scopes], any: anyScope === undefined ? [] : [anyScope] }),
  );
