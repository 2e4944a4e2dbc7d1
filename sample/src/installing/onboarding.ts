import { Injectable } from '@nestjs/common';
import { WixInstallHooks, type WixInstallAnswer, type WixInstallation } from 'nestjs-wix-auth';

import { Sessions } from './sessions.js';

/** What happens when the app has come to a site. */
@Injectable()
export class Onboarding extends WixInstallHooks {
  constructor(private readonly sessions: Sessions) {
    super();
  }

  override onInstalled(installation: WixInstallation): Promise<WixInstallAnswer> {
    // An unverified caller may know nothing but the id of the installation: never log them in.
    const setCookies = installation.proven ? [this.sessions.open(installation)] : [];
    return Promise.resolve({ redirectTo: '/install/welcome', setCookies });
  }
}
