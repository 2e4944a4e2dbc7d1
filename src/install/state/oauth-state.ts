/** The way to install an app. */
export type WixInstallFlow = 'external' | 'custom-authentication';

/** What is remembered of an installation between its start and its end. It travels sealed, as `state`. */
export interface OAuthState {
  readonly id: string;
  readonly flow: WixInstallFlow;
  /** SHA-256 of the value of the cookie that the browser was given. */
  readonly browser: string;
  /** The path to return to, if one was asked for. */
  readonly returnTo: string | undefined;
  /** When the installation was started, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
}

/** The OAuth state as it is given away: one half in the URL, one in the browser. */
export interface IssuedOAuthState {
  readonly oauthState: OAuthState;
  readonly state: string;
  readonly cookieValue: string;
}
