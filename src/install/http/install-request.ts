import type { IncomingMessage } from 'node:http';

import { parseCookie, type Cookies } from 'cookie';

import { WixInstallError } from '../install.errors.js';

/** The request of a browser, the same on Express and Fastify. */
export class InstallRequest {
  /** Whether the page is shown inside another one. */
  readonly isFramed: boolean;
  readonly #query: URLSearchParams;
  readonly #cookies: Cookies;

  constructor({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>) {
    this.#query = new URLSearchParams(url.split('?').slice(1).join('?'));
    // Our own values need no decoding, and others are left as they are.
    this.#cookies = parseCookie(headers.cookie ?? '', { decode: (value) => value });
    this.isFramed = ['iframe', 'frame'].includes(String(headers['sec-fetch-dest']));
  }

  /**
   * A query parameter, `undefined` when it is missing or empty.
   *
   * @throws {@link WixInstallError} when it stands there twice: then it is unclear what was meant.
   */
  parameter(name: string): string | undefined {
    const [value, ...more] = this.#query.getAll(name);
    if (more.length > 0) throw new WixInstallError('WIX_INSTALL_QUERY_MALFORMED', `The query has ${name} twice.`);
    return value === '' ? undefined : value;
  }

  /** The value of a cookie; of two with one name the first, which is the more specific one. */
  cookie(name: string): string | undefined {
    return this.#cookies[name];
  }

  /** The names of all cookies. */
  cookieNames(): readonly string[] {
    return Object.keys(this.#cookies);
  }
}
