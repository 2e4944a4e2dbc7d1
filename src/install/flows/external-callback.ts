import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { instanceIdFromWix, isGuid, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { WixInstance } from '../../grants/instances/wix-instance.js';
import type { InstallRequest } from '../http/install-request.js';
import { WixInstallError } from '../install.errors.js';

/** The ids that the callback of the external install flow brings along. Claims, until they were checked. */
export interface ClaimedInstallation {
  readonly instanceId: WixInstanceId;
  readonly siteId: string;
}

/**
 * Reads the query of the callback.
 *
 * @throws {@link WixInstallError} when an id is missing or none, or the app is another one.
 */
export function claimedIn(request: InstallRequest, appId: string): ClaimedInstallation {
  if (idIn(request, 'appId') !== appId.toLowerCase()) {
    throw new WixInstallError('WIX_INSTALL_WRONG_APP', 'The callback is for another app.');
  }
  // Not trusted before Wix's signature or Get App Instance has said the same.
  return { instanceId: instanceIdFromWix(idIn(request, 'instanceId')), siteId: idIn(request, 'tenantId') };
}

/** An id in a callback's query, in lower case. */
export function idIn(request: InstallRequest, name: string): string {
  const id = request.parameter(name);
  if (id !== undefined && isGuid(id)) return id.toLowerCase();
  throw new WixInstallError('WIX_INSTALL_QUERY_MALFORMED', `The callback has no valid ${name}.`);
}

/** Refuses claims that differ from what Wix signed. */
export function refuseUnlikeSigned(claimed: ClaimedInstallation, signer: AnyWixIdentity): void {
  refuseUnlike('instanceId', claimed.instanceId, signer.instanceId, 'the signed instance');
  refuseUnlike('tenantId', claimed.siteId, signer.siteId, 'the signed instance');
}

/** Refuses claims that differ from what Wix says of the installation. */
export function refuseMismatchedReport(claimed: ClaimedInstallation, reported: WixInstance): void {
  refuseUnlike('instanceId', claimed.instanceId, reported.instanceId, 'Get App Instance');
  refuseUnlike('tenantId', claimed.siteId, reported.site.siteId, 'Get App Instance');
}

// Wix leaves out what it does not know: a signed instance seldom names the site.
function refuseUnlike(name: string, claimed: string, reported: string | undefined, by: string): void {
  if (reported === undefined || reported.toLowerCase() === claimed) return;
  throw new WixInstallError('WIX_INSTALL_MISMATCH', `${name} of the callback is not what ${by} says.`);
}
