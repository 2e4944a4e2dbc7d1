import type { Endpoint } from '../endpoints/endpoint.js';
import type { Platform } from '../platform.js';
import { judgeToken } from '../tokens/token-verdict.js';
import { Refused } from '../wire/answer.js';
import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import { appOf, installOn, sendBack, submitted } from './consent.js';
import { consentPage, donePage, errorPage } from './pages.js';

type Query = Readonly<Record<string, string>>;

/** `/installer/…`: custom authentication. Comes back with a code. */
export const customAuthenticationEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/installer/install',
    handle: ({ request: { query }, platform }) =>
      consentPage(requestingApp(platform, query), platform.world.sites, query),
  },
  {
    method: 'POST',
    path: '/installer/install',
    handle: ({ request, platform }) => {
      const fields = submitted(request);
      const install = installOn(platform, requestingApp(platform, fields), fields['siteId']);
      const { faults } = platform.installer;
      return sendBack(platform, fields['redirectUrl'] ?? '', {
        code: codeFor(platform, install),
        state: fields['state'],
        instanceId: faults.instanceId ?? install.instanceId,
      });
    },
  },
  {
    method: 'GET',
    path: '/installer/close-window',
    handle: ({ request: { query }, platform }) => {
      const verdict = judgeToken(platform, query['access_token'] ?? '');
      if (verdict.state !== 'active' || !verdict.issued.install) return errorPage('The access token is not good.');
      platform.installer.closedWindows.push(verdict.issued.install);
      return donePage(verdict.issued.app);
    },
  },
];

function requestingApp(platform: Platform, { appId, redirectUrl = '', token }: Query): EmulatedApp {
  const app = appOf(platform, appId);
  if (!app.redirectUrls.includes(redirectUrl)) {
    const note = `Registered are: ${app.redirectUrls.join(', ') || 'none'}. Asked for: ${redirectUrl}.`;
    throw new Refused(errorPage("We couldn't find an app with this redirect url.", note));
  }
  if (token !== undefined && !platform.installer.isTokenOf(app, token)) {
    throw new Refused(errorPage('This installation has expired.', 'The token is not one the App URL was opened with.'));
  }
  return app;
}

function codeFor({ installer, codes, now }: Platform, install: EmulatedInstall): string {
  const fault = installer.faults.code;
  if (fault === 'expired') return codes.issueExpired(install, now());
  const reused = fault === 'reused' ? codes.lastUsed(install) : undefined;
  return reused ?? codes.issue(install, now());
}
