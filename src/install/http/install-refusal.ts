import { WixAuthError } from '../../core/wix-auth.errors.js';
import { WixInstallError, type WixInstallErrorCode } from '../install.errors.js';

/** What the page tells the person who installs. */
export interface InstallRefusal {
  /** The HTTP status. */
  readonly status: number;
  readonly text: string;
}

const AGAIN = 'Please start the installation again.';
const NOTHING = `Nothing was set up. ${AGAIN}`;

/** The status and the words for every reason. Reasons that only the app's developer can fix are not explained in detail. */
const refusals: Readonly<Record<WixInstallErrorCode, InstallRefusal>> = {
  WIX_INSTALL_RETURN_TO_REFUSED: { status: 400, text: 'This link leads to a page of another website.' },
  WIX_INSTALL_QUERY_MALFORMED: { status: 400, text: `The address of this page is incomplete. ${AGAIN}` },
  WIX_INSTALL_STATE_MISSING: {
    status: 400,
    text: `The address of this page does not say which installation it belongs to. ${AGAIN}`,
  },
  WIX_INSTALL_STATE_REJECTED: {
    status: 400,
    text: `This installation was not started here, or its address was changed. ${AGAIN}`,
  },
  WIX_INSTALL_STATE_EXPIRED: { status: 400, text: `This installation was started too long ago. ${AGAIN}` },
  WIX_INSTALL_STATE_USED: {
    status: 400,
    text: 'This installation is finished already. If the app is not on your site, start again.',
  },
  WIX_INSTALL_WRONG_CALLBACK: {
    status: 400,
    text: `This installation returned to the wrong address. ${NOTHING}`,
  },
  WIX_INSTALL_COOKIE_MISSING: {
    status: 400,
    text:
      'Your browser did not send the cookie from the start of the installation. Allow cookies for this site, ' +
      'finish in the browser you started in, and start again.',
  },
  WIX_INSTALL_WRONG_APP: { status: 400, text: `The answer is for another app. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_MISSING: { status: 400, text: `The answer is not signed by Wix. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_REJECTED: { status: 400, text: `The signature of the answer is not valid. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_EXPIRED: { status: 400, text: `The answer was signed too long ago. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_WRONG_APP: { status: 400, text: `The answer is signed for another app. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_OF_VISITOR: { status: 400, text: `The answer is signed for a visitor of the site. ${NOTHING}` },
  WIX_INSTALL_SIGNATURE_NOT_OWNER: {
    status: 400,
    text: `Only the owner of the site can finish this installation. ${NOTHING}`,
  },
  WIX_INSTALL_SIGNATURE_USED: {
    status: 400,
    text: 'The answer was used before. If the app is not on your site, start again.',
  },
  WIX_INSTALL_MISMATCH: { status: 400, text: `The parts of the answer do not match. ${NOTHING}` },
  WIX_INSTALL_CODE_MISSING: { status: 400, text: `Wix did not send a code. ${NOTHING}` },
  WIX_INSTALL_CODE_USED: {
    status: 400,
    text: 'The code from Wix was used before. If the app is not on your site, start again.',
  },
  WIX_INSTALL_CODE_REJECTED: { status: 400, text: `Wix did not confirm this installation in time. ${AGAIN}` },
  WIX_INSTALL_TOKEN_REJECTED: { status: 400, text: `Wix confirmed a different installation. ${NOTHING}` },
  WIX_INSTALL_INSTANCE_UNKNOWN: { status: 400, text: `Wix does not know this installation. ${AGAIN}` },
  WIX_INSTALL_UNAVAILABLE: { status: 503, text: 'Wix is not available right now. Please try again in a minute.' },
  WIX_INSTALL_HOOK_FAILED: { status: 500, text: 'The app could not finish the installation. Please try again.' },
  WIX_INSTALL_MISCONFIGURED: {
    status: 500,
    text: 'The app is not ready to be installed. Please contact its developer.',
  },
};

/** The refusals by their codes. */
export const installErrorCodes: readonly string[] = Object.keys(refusals);

/** The refusal for a code; for an unknown one, that the app is not set up. */
export const installRefusalOf = (code: string): InstallRefusal =>
  Object.entries(refusals).find(([known]) => known === code)?.[1] ?? refusals.WIX_INSTALL_MISCONFIGURED;

/** Whatever went wrong, as a reason of this room; `undefined` for an unexpected error. */
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
