import { RequestMethod } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';

import { WixInstallError } from '../install.errors.js';
import type { InstallSettings } from '../install.options.js';

/** The addresses of this application as browsers see them: made from `publicUrl`, never from a request. */
export class InstallAddresses {
  readonly #config: ApplicationConfig;
  readonly #publicUrl: string;
  readonly #path: string;
  readonly #redirectOrigins: ReadonlySet<string>;

  constructor(config: ApplicationConfig, settings: InstallSettings, wixUrl: string) {
    this.#config = config;
    this.#publicUrl = settings.publicUrl();
    this.#path = settings.path;
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
    const parts = [this.#publicUrl, this.#prefixOf(`/${path}`), path];
    return parts.filter((part) => part !== '').join('/');
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

  #prefixOf(path: string): string {
    const { exclude = [] } = this.#config.getGlobalPrefixOptions();
    const isExcluded = exclude.some(
      ({ pathRegex, requestMethod }) =>
        pathRegex.test(path) && [RequestMethod.ALL, RequestMethod.GET].includes(requestMethod),
    );
    return isExcluded ? '' : this.#config.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
  }
}
