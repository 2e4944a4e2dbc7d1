import { Injectable, Optional } from '@nestjs/common';

import { AUTHORITY } from '../../core/marks.js';
import type { WixAuthority } from '../policy/authority.js';
import { WixAccess } from './wix-access.service.js';
import { WixGuard } from './wix.guard.js';

/**
 * Guards a route that acts with the app's own permissions. Takes the app itself; no front end of Wix sends its token,
 * so most routes name whom else they let act as the app with {@link AllowIdentities}. Scopes are checked against what
 * the site granted the app, for every caller.
 */
@Injectable()
export class WixInstanceGuard extends WixGuard {
  /** A static member, so that it can be read before there is an instance. */
  static readonly [AUTHORITY]: WixAuthority = 'instance';

  constructor(@Optional() access?: WixAccess) {
    super(access, 'instance');
  }
}
