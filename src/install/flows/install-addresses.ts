import type { RouteAddresses } from '../../nest/route-addresses.js';
import { WixInstallError } from '../install.errors.js';
import type { InstallSettings } from '../install.options.js';

// Only Wix's own hosts: users' sites are below other names of Wix.
const WIX_ORIGINS = ['https://www.wix.com', 'https://manage.wix.com', 'https://editor.wix.com'];

/** Where the installation is mounted, and where it may lead. */
export type InstallPlace = Pick<InstallSettings, 'path' | 'redirectOrigins'> & { readonly publicUrl: string };

/** The addresses of this application as browsers see them: made from `publicUrl`, never from a request. */
export class InstallAddresses {
  readonly #routes: RouteAddresses;
  readonly #publicUrl: string;
  readonly #path: string;
  readonly #redirectOrigins: ReadonlySet<string>;
  /** Where pages of Wix are that may show these in frames. */
  readonly wixOrigins: readonly string[];

  constructor(routes: RouteAddresses, settings: InstallPlace, wixUrl: string) {
    this.#routes = routes;
    this.#publicUrl = settings.publicUrl;
    this.#path = settings.path;
    this.wixOrigins = [...new Set([...WIX_ORIGINS, new URL(wixUrl).origin])];
    this.#redirectOrigins = new Set([
      new URL(this.#publicUrl).origin,
      new URL(wixUrl).origin,
      'https://www.wix.com',
      'https://manage.wix.com',
      ...settings.redirectOrigins,
    ]);
  }

  /** One of the mounted endpoints; `''` is where installations start. */
  of(endpoint: '' | 'callback' | 'app-url' | 'redirect'): string {
    const path = [this.#path, endpoint].filter((part) => part !== '').join('/');
    return this.#publicUrl + this.#routes.mountedBeside(this, path);
  }

  /**
   * The full address of a page to return to.
   *
   * @throws {@link WixInstallError} when it is no path of this application's origin.
   */
  page(returnTo: string): string {
    const { origin } = new URL(this.#publicUrl);
    const url = returnTo.startsWith('/') && URL.canParse(returnTo, origin) ? new URL(returnTo, origin) : undefined;
    if (url?.origin === origin) return url.href;
    throw new WixInstallError(
      'WIX_INSTALL_RETURN_TO_REFUSED',
      'returnTo must be a path of this application, such as /welcome.',
    );
  }

  /** A redirect target in full when it is a path of this application or on an allowed origin, else `undefined`. */
  allowed(target: string): string | undefined {
    if (!URL.canParse(target, this.#publicUrl)) return undefined;
    const url = new URL(target, this.#publicUrl);
    return this.#redirectOrigins.has(url.origin) ? url.href : undefined;
  }
}
