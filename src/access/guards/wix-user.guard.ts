import { Injectable, Optional } from '@nestjs/common';

import { AUTHORITY } from '../../core/marks.js';
import type { WixAuthority } from '../policy/authority.js';
import { WixAccess } from './wix-access.service.js';
import { WixGuard } from './wix.guard.js';

/**
 * Guards a route that acts for a Wix user, the one behind a dashboard page. Scopes are checked against what the app
 * *and* the user hold on the site.
 */
@Injectable()
export class WixUserGuard extends WixGuard {
  /** A static member, so that it can be read before there is an instance. */
  static readonly [AUTHORITY]: WixAuthority = 'user';

  constructor(@Optional() access?: WixAccess) {
    super(access, 'user');
  }
}
