/** Every reason an installation is refused for, as a stable code. It stands on the page and in the log. */
export type WixInstallErrorCode =
  | 'WIX_INSTALL_RETURN_TO_REFUSED'
  | 'WIX_INSTALL_QUERY_MALFORMED'
  | 'WIX_INSTALL_STATE_MISSING'
  | 'WIX_INSTALL_STATE_REJECTED'
  | 'WIX_INSTALL_STATE_EXPIRED'
  | 'WIX_INSTALL_STATE_USED'
  | 'WIX_INSTALL_WRONG_CALLBACK'
  | 'WIX_INSTALL_COOKIE_MISSING'
  | 'WIX_INSTALL_WRONG_APP'
  | 'WIX_INSTALL_SIGNATURE_MISSING'
  | 'WIX_INSTALL_SIGNATURE_REJECTED'
  | 'WIX_INSTALL_SIGNATURE_EXPIRED'
  | 'WIX_INSTALL_SIGNATURE_WRONG_APP'
  | 'WIX_INSTALL_SIGNATURE_OF_VISITOR'
  | 'WIX_INSTALL_SIGNATURE_NOT_OWNER'
  | 'WIX_INSTALL_SIGNATURE_USED'
  | 'WIX_INSTALL_MISMATCH'
  | 'WIX_INSTALL_CODE_MISSING'
  | 'WIX_INSTALL_CODE_USED'
  | 'WIX_INSTALL_CODE_REJECTED'
  | 'WIX_INSTALL_TOKEN_REJECTED'
  | 'WIX_INSTALL_INSTANCE_UNKNOWN'
  | 'WIX_INSTALL_UNAVAILABLE'
  | 'WIX_INSTALL_HOOK_FAILED'
  | 'WIX_INSTALL_MISCONFIGURED';

/** An installation that is refused, or could not be finished. The site owner sees a page that says so. */
export class WixInstallError extends Error {
  /** `WixInstallError` */
  override readonly name = 'WixInstallError';
  /** The reason, stable across versions. */
  readonly code: WixInstallErrorCode;

  constructor(code: WixInstallErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
