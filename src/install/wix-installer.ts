/** The pages of Wix that an installation goes through. */
export class WixInstaller {
  readonly #wixUrl: string;
  readonly #appId: string;

  constructor(wixUrl: string, appId: string) {
    this.#wixUrl = wixUrl;
    this.#appId = appId;
  }

  /** The external install flow: Wix keeps the query of `callbackUrl` and adds to it. */
  externalInstall(callbackUrl: string, state: string, shareUrlId: string | undefined): string {
    return this.#page('app-installer', {
      appId: this.#appId,
      postInstallationUrl: withQuery(callbackUrl, { state }),
      shareUrlId,
    });
  }

  /** Custom authentication. `token` is what the App URL was opened with, when the installation started at Wix. */
  consent(redirectUrl: string, state: string, token: string | undefined): string {
    return this.#page('installer/install', { token, appId: this.#appId, redirectUrl, state });
  }

  /** The last page of custom authentication. Wix takes the access token in the URL, and nothing else. */
  closeWindow(accessToken: string): string {
    return this.#page('installer/close-window', { access_token: accessToken });
  }

  #page(path: string, query: Readonly<Record<string, string | undefined>>): string {
    return withQuery(`${this.#wixUrl}/${path}`, query);
  }
}

function withQuery(address: string, query: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}
