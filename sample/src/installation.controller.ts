import { Controller, Get } from '@nestjs/common';
import { WixIdentity, WixInstanceAuth, type WixAppIdentity } from 'nestjs-wix-auth';

import { SiteLife } from './site-life.js';

@Controller('installation')
export class InstallationController {
  constructor(private readonly sites: SiteLife) {}

  /** For the app's own servers, which come with the app's own token. */
  @Get()
  @WixInstanceAuth()
  show(@WixIdentity() app: WixAppIdentity) {
    return { instanceId: app.instanceId, siteId: app.siteId, installedAt: this.sites.installedAt(app.instanceId) };
  }
}
