import { digestOf } from '../../core/digest.js';
import { isJsonObject, parseJson, textOf } from '../../core/values/json.js';
import { WixAuthError } from '../../core/wix-auth.errors.js';
import type { AnyWixIdentity, WixUserIdentity } from '../../core/identities/wix-identity.js';
import { readCredential, type SignedInstanceCredential } from '../../identity/credential.js';
import type { SignedInstanceVerifier } from '../../identity/signed-instance.verifier.js';
import type { OAuthState } from '../state/oauth-state.js';
import type { InstallRequest } from '../http/install-request.js';
import { WixInstallError, type WixInstallErrorCode } from '../install.errors.js';
import type { UsableOnce } from '../state/state-replay-guard.js';

/** A valid signature by Wix, whatever it proves. */
export interface SignedCallback {
  readonly signer: AnyWixIdentity;
  readonly signedAtMs: number;
  readonly isOfVisitor: boolean;
  /** The signed instance itself, which counts once. */
  readonly once: UsableOnce;
}

// Wix's clock may be behind.
const SKEW_MS = 60_000;

/**
 * What Wix signed; `undefined` when it signed nothing.
 *
 * @throws {@link WixInstallError} when what came is no signed instance of this app, or has expired.
 */
export function signedIn(request: InstallRequest, verifier: SignedInstanceVerifier): SignedCallback | undefined {
  const signedInstance = request.parameter('signedInstance');
  return signedInstance === undefined ? undefined : verified(signedInstance, verifier);
}

/**
 * The owner of the site, when this proves that they installed the app in this flow.
 *
 * @throws {@link WixInstallError} saying why it does not.
 */
export function ownerIn({ signer, signedAtMs, isOfVisitor }: SignedCallback, oauthState: OAuthState): WixUserIdentity {
  // Site members, too, have one for as long as they look at the site.
  if (isOfVisitor) throw rejected('WIX_INSTALL_SIGNATURE_OF_VISITOR', 'was made for a visitor of the site');
  // Collaborators have one on every dashboard page of the app, and can put it into a callback of their own.
  if (signer.type !== 'user' || !signer.isSiteOwner) {
    throw rejected('WIX_INSTALL_SIGNATURE_NOT_OWNER', 'is not that of the owner of the site');
  }
  if (signedAtMs < oauthState.startedMs - SKEW_MS) {
    throw rejected('WIX_INSTALL_SIGNATURE_EXPIRED', 'was made before this installation was started');
  }
  return signer;
}

function verified(signedInstance: string, verifier: SignedInstanceVerifier): SignedCallback {
  try {
    const shape = readCredential(signedInstance);
    if (shape.kind === 'signed-instance') return signedCallback(shape, verifier);
  } catch (error) {
    if (!(error instanceof WixAuthError)) throw error;
    throw new WixInstallError(reasonOf(error), error.message, { cause: error });
  }
  throw new WixInstallError('WIX_INSTALL_SIGNATURE_REJECTED', 'signedInstance holds no signed instance.');
}

function signedCallback(shape: SignedInstanceCredential, verifier: SignedInstanceVerifier): SignedCallback {
  const { identity: signer, signedAtMs } = verifier.verify(shape);
  const claims = parseJson(Buffer.from(shape.data, 'base64url').toString('utf8'));
  const isOfVisitor = !isJsonObject(claims) || textOf(claims, 'aid') !== undefined;
  return { signer, signedAtMs, isOfVisitor, once: onceOf(shape, signer) };
}

// By what was signed: one signature can be written in several ways.
const onceOf = ({ data }: SignedInstanceCredential, { expiresAt }: AnyWixIdentity): UsableOnce => ({
  id: `signed:${digestOf(data)}`,
  untilMs: expiresAt.getTime(),
  ifUsed: 'WIX_INSTALL_SIGNATURE_USED',
});

const rejected = (code: WixInstallErrorCode, why: string): WixInstallError =>
  new WixInstallError(code, `The signed instance ${why}.`);

function reasonOf({ code }: WixAuthError): WixInstallErrorCode {
  if (code === 'WIX_CREDENTIALS_EXPIRED') return 'WIX_INSTALL_SIGNATURE_EXPIRED';
  return code === 'WIX_CREDENTIALS_WRONG_APP' ? 'WIX_INSTALL_SIGNATURE_WRONG_APP' : 'WIX_INSTALL_SIGNATURE_REJECTED';
}
