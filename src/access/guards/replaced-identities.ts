import type { KnownInstances } from '../../core/identities/known-instances.js';
import type { AnyWixIdentity } from '../../core/identities/wix-identity.js';
import { WixIdentityService } from '../../identity/wix-identity.service.js';
import type { CallerIdentities } from './access-parts.js';

/**
 * The identities guards work with. Those of an identity service that the application put in place of ours, as tests do,
 * open their sites like any other: the author of the providers decides whom to trust.
 */
export const withReplacedKnown = (identities: CallerIdentities, known: KnownInstances): CallerIdentities =>
  Object.getPrototypeOf(identities) === WixIdentityService.prototype ? identities : allKnown(identities, known);

// Ours notes itself what it verified: doing so again on each request would cost each of them.
const allKnown = (identities: CallerIdentities, known: KnownInstances): CallerIdentities => ({
  cached: (credential) => addedTo(known, identities.cached(credential)),
  verify: async (credential) => known.add(await identities.verify(credential)),
  verifySignedInstance: (credential) => known.add(identities.verifySignedInstance(credential)),
});

const addedTo = (known: KnownInstances, identity: AnyWixIdentity | undefined): AnyWixIdentity | undefined =>
  identity && known.add(identity);
