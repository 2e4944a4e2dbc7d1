import { Controller, Get, Header, Headers } from '@nestjs/common';
import { trustedInstanceId, WixInstallService } from 'nestjs-wix-auth';

import { page } from './page.js';
import { Sessions } from './sessions.js';

const HTML = 'text/html; charset=utf-8';

@Controller('install')
export class InstallingController {
  constructor(
    private readonly installs: WixInstallService,
    private readonly sessions: Sessions,
  ) {}

  /** The page of the app that says "add me to your site". */
  @Get()
  @Header('content-type', HTML)
  choose(): string {
    return page('Add Flower Desk to your Wix site', [
      { text: 'For every app:', link: { to: this.installs.installUrl(), text: 'Use the external install flow' } },
      {
        text: 'For apps that had it before Wix closed it to new ones:',
        link: { to: this.installs.addresses.appUrl, text: 'Use custom authentication' },
      },
    ]);
  }

  /** Where installations end. */
  @Get('welcome')
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  async welcome(@Headers('cookie') cookies: string | undefined): Promise<string> {
    const installation = this.sessions.of(cookies);
    if (installation === undefined) {
      return page('You are not logged in', [
        { text: 'Add the app to a site first.', link: { to: '/install', text: 'Start' } },
      ]);
    }
    // The session vouches for the id, which a real app has stored: nothing of it came with this request.
    const { site, permissions } = await this.installs.instanceOf(trustedInstanceId(installation.instanceId));
    return page(`Welcome, ${site.displayName ?? 'site without a name'}`, [
      { text: `Flower Desk is on your site now. It came by: ${installation.flow}.` },
      { text: `It was granted ${String(permissions.length)} scopes.` },
    ]);
  }
}
