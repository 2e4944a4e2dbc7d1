import { isJsonObject, parseJson, textOf } from '../../core/json.js';
import { WixAuthError } from '../../core/wix-auth.errors.js';
import type { AnyWixIdentity } from '../../core/wix-identity.js';
import { readCredential, type SignedInstanceCredential } from '../../identity/credential.js';
import type { SignedInstanceVerifier } from '../../identity/signed-instance.verifier.js';
import type { InstallRequest } from '../http/install-request.js';
import { WixInstallError, type WixInstallErrorCode } from '../install.errors.js';

/**
 * Who installs, as Wix signed it; `undefined` when it signed nothing.
 *
 * @throws {@link WixInstallError} when what came is not good, or was made for somebody who visits the site: these can be had from its pages.
 */
export function signerOf(request: InstallRequest, verifier: SignedInstanceVerifier): AnyWixIdentity | undefined {
  const signedInstance = request.parameter('signedInstance');
  if (signedInstance === undefined) return undefined;
  return verified(signedInstance, verifier);
}

function verified(signedInstance: string, verifier: SignedInstanceVerifier): AnyWixIdentity {
  try {
    const shape = readCredential(signedInstance);
    if (shape.kind === 'signed-instance') return notOfVisitor(shape, verifier.verify(shape).identity);
  } catch (error) {
    if (!(error instanceof WixAuthError)) throw error;
    throw new WixInstallError(reasonOf(error), error.message, { cause: error });
  }
  throw new WixInstallError('WIX_INSTALL_SIGNATURE_REJECTED', 'signedInstance holds no signed instance.');
}

// Site members, too, have it for as long as they look at the site.
function notOfVisitor({ data }: SignedInstanceCredential, identity: AnyWixIdentity): AnyWixIdentity {
  const claims = parseJson(Buffer.from(data, 'base64url').toString('utf8'));
  if (isJsonObject(claims) && textOf(claims, 'aid') === undefined) return identity;
  throw new WixInstallError(
    'WIX_INSTALL_SIGNATURE_OF_VISITOR',
    'The signed instance was made for a visitor of the site.',
  );
}

function reasonOf({ code }: WixAuthError): WixInstallErrorCode {
  if (code === 'WIX_CREDENTIALS_EXPIRED') return 'WIX_INSTALL_SIGNATURE_EXPIRED';
  return code === 'WIX_CREDENTIALS_WRONG_APP' ? 'WIX_INSTALL_SIGNATURE_WRONG_APP' : 'WIX_INSTALL_SIGNATURE_REJECTED';
}
