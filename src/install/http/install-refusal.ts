import { WixAuthError } from '../../core/wix-auth.errors.js';
import { WixInstallError, type WixInstallErrorCode } from '../install.errors.js';

/** What the person who installs is told. */
export interface InstallRefusal {
  /** The HTTP status. */
  readonly status: number;
  readonly text: string;
}

const AGAIN = 'Please start the installation again.';
const NOTHING = `Nothing was set up. ${AGAIN}`;

/** The status and the words for every reason. Reasons only the app's developer can mend are not told in detail. */
const refusals: Readonly<Record<WixInstallErrorCode, InstallRefusal>> = {
  WIX_INSTALL_RETURN_TO_REFUSED: { status: 400, text: 'The link that led here names a page of another site.' },
  WIX_INSTALL_QUERY_MALFORMED: { status: 400, text: `The address that led here is incomplete. ${AGAIN}` },
  WIX_INSTALL_STATE_MISSING: {
    status: 400,
    text: `The address that led here does not say which installation it belongs to. ${AGAIN}`,
  },
  WIX_INSTALL_STATE_REJECTED: {
    status: 400,
    text: `This installation was not started here, or its address was changed on the way. ${AGAIN}`,
  },
  WIX_INSTALL_STATE_EXPIRED: { status: 400, text: `This installation was started too long ago. ${AGAIN}` },
  WIX_INSTALL_STATE_USED: {
    status: 400,
    text: 'This installation is finished already. If the app is not on your site, start again.',
  },
  WIX_INSTALL_WRONG_CALLBACK: {
    status: 400,
    text: `This installation came back to another address than it was to. ${NOTHING}`,
  },
  WIX_INSTALL_COOKIE_MISSING: {
    status: 400,
    text:
      'Your browser did not send the cookie it was given when the installation started. Allow cookies for this site, ' +
      'finish in the browser you started in, and start again.',
  },
  WIX_INSTALL_WRONG_APP: { status: 400, text: `What came back is about another app. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_MISSING: { status: 400, text: `What came back is not signed by Wix. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_REJECTED: { status: 400, text: `The signature of what came back is not good. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_EXPIRED: { status: 400, text: `What came back was signed too long ago. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_WRONG_APP: { status: 400, text: `What came back is signed for another app. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_OF_VISITOR: { status: 400, text: `What came back is signed for a visitor. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_NOT_OWNER: {
    status: 400,
    text: `Only the owner of the site can finish this installation. ${NOTHING}`,
  },
  WIX_INSTALL_SIGNATURE_USED: {
    status: 400,
    text: 'What came back was used before. If the app is not on your site, start again.',
  },
  WIX_INSTALL_MISMATCH: { status: 400, text: `What came back does not fit together. ${NOTHING}` },
  WIX_INSTALL_CODE_MISSING: { status: 400, text: `Wix sent no code along. ${NOTHING}` },
  WIX_INSTALL_CODE_USED: {
    status: 400,
    text: 'The code that Wix sent along was used before. If the app is not on your site, start again.',
  },
  WIX_INSTALL_CODE_REJECTED: { status: 400, text: `Wix did not confirm this installation in time. ${AGAIN}` },
  WIX_INSTALL_TOKEN_REJECTED: { status: 400, text: `What Wix confirmed is another installation. ${NOTHING}` },
  WIX_INSTALL_INSTANCE_UNKNOWN: { status: 400, text: `Wix does not know this installation. ${AGAIN}` },
  WIX_INSTALL_UNAVAILABLE: { status: 503, text: 'Wix cannot be asked right now. Please try again in a minute.' },
  WIX_INSTALL_HOOK_FAILED: { status: 500, text: 'The app could not finish the installation. Please try again.' },
  WIX_INSTALL_MISCONFIGURED: {
    status: 500,
    text: 'The app is not set up to be installed. Its developer can tell why.',
  },
};

/** The refusals by their codes, for whoever lists them. */
export const installErrorCodes: readonly string[] = Object.keys(refusals);

/** What the person is told about a code: about an unknown one, that the app is not set up. */
export const installRefusalOf = (code: string): InstallRefusal =>
  Object.entries(refusals).find(([known]) => known === code)?.[1] ?? refusals.WIX_INSTALL_MISCONFIGURED;

/** Whatever went wrong, as a reason of this room; `undefined` for what nobody expected. */
export function installErrorOf(error: unknown): WixInstallError | undefined {
  if (error instanceof WixInstallError) return error;
  if (!(error instanceof WixAuthError)) return undefined;
  return new WixInstallError(reasonOf(error), `${error.code}: ${error.message}`, { cause: error });
}

function reasonOf({ code }: WixAuthError): WixInstallErrorCode {
  if (code === 'WIX_UNAVAILABLE') return 'WIX_INSTALL_UNAVAILABLE';
  if (code === 'WIX_INSTANCE_UNKNOWN') return 'WIX_INSTALL_INSTANCE_UNKNOWN';
  return 'WIX_INSTALL_MISCONFIGURED';
}
