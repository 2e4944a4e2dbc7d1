import type { Endpoint } from '../endpoints/endpoint.js';
import type { Platform } from '../platform.js';
import { instanceFields, type SignedInstanceOptions } from '../tokens/signed-instance-fields.js';
import { writeSignedInstance } from '../tokens/signed-instance.js';
import type { Answer } from '../wire/answer.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import { appOf, installOn, isCallbackAddress, sendBack, submitted } from './consent.js';
import type { InstallerFaults } from './installer-faults.js';
import { consentPage, errorPage } from './pages.js';

/** `/app-installer`: the external install flow. Comes back with ids and a signed instance, and without any token. */
export const appInstallerEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/app-installer',
    handle: ({ request: { query }, platform }) => {
      const app = appOf(platform, query['appId']);
      if (!isCallbackAddress(query['postInstallationUrl'] ?? '')) {
        return errorPage('The app gave no address to come back to.', 'postInstallationUrl must be an https URL.');
      }
      return consentPage(app, platform.world.sites, query);
    },
  },
  {
    method: 'POST',
    path: '/app-installer',
    handle: ({ request, platform }) => {
      const { appId, siteId, postInstallationUrl = '' } = submitted(request);
      const install = installOn(platform, appOf(platform, appId), siteId);
      return finished(platform, install, postInstallationUrl);
    },
  },
];

function finished(platform: Platform, install: EmulatedInstall, address: string): Answer {
  const { faults } = platform.installer;
  return sendBack(platform, address, {
    appId: faults.appId ?? install.app.appId,
    tenantId: faults.tenantId ?? install.site.siteId,
    instanceId: faults.instanceId ?? install.instanceId,
    signedInstance: signedInstance(platform, install),
  });
}

const AGES_MS: Partial<Record<NonNullable<InstallerFaults['signedInstance']>, number>> = {
  expired: 86_400_000,
  earlier: 600_000,
};

function signedInstance({ installer, now }: Platform, install: EmulatedInstall): string | undefined {
  const fault = installer.faults.signedInstance;
  if (fault === 'absent') return undefined;
  if (fault === 'replayed') return installer.callbacks.at(-1)?.searchParams.get('signedInstance') ?? undefined;
  const signDate = now() - ((fault && AGES_MS[fault]) ?? 0);
  const fields = instanceFields(install, { ...signerFor(fault, install), signDate }, now());
  const appDefId = fault === 'other-app' ? '00000000-0000-4000-8000-000000000000' : install.app.appId;
  const secret = fault === 'forged' ? 'forged' : install.app.appSecret;
  return writeSignedInstance({ ...fields, appDefId }, secret);
}

function signerFor(fault: InstallerFaults['signedInstance'], { site }: EmulatedInstall): SignedInstanceOptions {
  if (fault === 'of-collaborator') return { user: site.addUser() };
  if (fault === 'of-visitor') return { visitor: site.addVisitor() };
  return fault === 'of-member' ? { member: site.addMember() } : { user: site.owner };
}
