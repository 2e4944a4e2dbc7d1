import { Injectable, Optional } from '@nestjs/common';

import { AUTHORITY } from '../../core/marks.js';
import type { WixAuthority } from '../policy/authority.js';
import { WixAccess } from './wix-access.service.js';
import { WixGuard } from './wix.guard.js';

/**
 * Lets any verified caller pass, or those in {@link AllowIdentities}. Scopes are checked against what the caller holds:
 * for the app its own, for a user those that the app and the user share.
 *
 * Declares no authority of its own: beside another guard of ours, on a nearer level or registered globally
 * (`globalGuard: true`), it applies what is declared and loosens nothing.
 */
@Injectable()
export class WixAuthGuard extends WixGuard {
  /** A static member, so that it can be read before there is an instance. */
  static readonly [AUTHORITY]: WixAuthority = 'auth';

  constructor(@Optional() access?: WixAccess) {
    super(access, 'auth');
  }
}
