/** What goes wrong on purpose when Wix sends a browser back from its installer. Counts for every callback until unset. */
export interface InstallerFaults {
  /** `state` is left out, changed by a character, or that of the callback before. */
  state?: 'dropped' | 'altered' | 'replayed' | undefined;
  /** `code` is one that was exchanged before, or older than ten minutes. */
  code?: 'reused' | 'expired' | undefined;
  /** The browser is sent to the app's other loopback name (`localhost`, `127.0.0.1`), where it brings no cookie. */
  cookie?: 'lost' | undefined;
  /**
   * `signedInstance` is left out, signed with another secret, made for another app, for a visitor, a member or a
   * collaborator, a day old (`expired`), ten minutes old (`earlier`), or that of the callback before (`replayed`).
   */
  signedInstance?:
    | 'absent'
    | 'forged'
    | 'other-app'
    | 'of-visitor'
    | 'of-member'
    | 'of-collaborator'
    | 'expired'
    | 'earlier'
    | 'replayed'
    | undefined;
  /** Where the browser is sent instead of the address the app gave. */
  callbackUrl?: string | undefined;
  /** The `instanceId` of another installation. */
  instanceId?: string | undefined;
  /** The `tenantId` of another site. */
  tenantId?: string | undefined;
  /** The `appId` of another app. */
  appId?: string | undefined;
}
