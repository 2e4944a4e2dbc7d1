import { applyDecorators, UseGuards } from '@nestjs/common';

import type { WixIdentityType } from '../../core/identities/wix-identity.js';
import type { WixScope } from '../../grants/scopes/wix-scope.js';
import { declare } from '../policy/access-declaration.js';
import { WixInstanceGuard } from '../guards/wix-instance.guard.js';

/** What {@link WixInstanceAuth} takes. */
export interface WixInstanceAuthOptions {
  /**
   * Exactly the kinds of caller let in, in place of the default: without `'app'` the app itself is refused. Everyone
   * named here acts with the app's permissions.
   *
   * @default ['app']
   */
  readonly allow?: readonly WixIdentityType[];
  /** Scopes the site must have granted the app, all of them. */
  readonly scopes?: readonly WixScope[];
  /** Scopes of which the site must have granted the app one. */
  readonly anyScope?: readonly WixScope[];
}

/** {@link WixInstanceGuard} with its identities and scopes in one line: a route that acts with the app's own permissions. */
export const WixInstanceAuth = (options: WixInstanceAuthOptions = {}): ClassDecorator & MethodDecorator =>
  applyDecorators(
    UseGuards(WixInstanceGuard),
    declare({
      identities: listed(options.allow),
      all: listed(options.scopes),
      any: listed(options.anyScope),
    }),
  );

const listed = <Item>(list: readonly Item[] | undefined): (readonly Item[])[] => (list === undefined ? [] : [list]);
