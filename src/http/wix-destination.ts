import { WixMisconfiguredError } from '../core/wix-auth.errors.js';

/** Where tokens may be sent: the API's URL and everything below it, and nowhere else. */
export class WixDestination {
  readonly #root: string;

  /** @param apiUrl without a slash at its end. */
  constructor(apiUrl: string) {
    this.#root = new URL(`${apiUrl}/`).href;
  }

  /**
   * The URL that a path or an absolute URL leads to, in its normal form: send to this, never to the text it came from.
   *
   * @param baseUrl what a path is relative to, if not the API's URL.
   * @throws {@link WixMisconfiguredError} when it leads elsewhere.
   */
  resolve(pathOrUrl: string, baseUrl?: string): string {
    const url = this.find(pathOrUrl, baseUrl);
    if (url !== undefined) return url;
    throw new WixMisconfiguredError(
      'The call was not sent, because it would take a token of Wix to another origin. Give a path such as ' +
        `/stores/v3/products/query; it is relative to ${this.#root}.`,
    );
  }

  /** The same, or `undefined` when it leads elsewhere. */
  find(pathOrUrl: string, baseUrl?: string): string | undefined {
    const base = baseUrl === undefined ? this.#root : withSlash(baseUrl);
    const relative = isPath(pathOrUrl) ? `.${pathOrUrl}` : pathOrUrl;
    // Normalized, a URL with a user, another port, `http:` or `..` in it no longer begins like the API's.
    const href = parsed(relative, base)?.href;
    return href?.startsWith(this.#root) === true ? href : undefined;
  }

  /** The URL that a redirect leads to, or `undefined` when it leads elsewhere. */
  redirected(location: string, from: string): string | undefined {
    const href = parsed(location, from)?.href;
    return href === undefined ? undefined : this.find(href);
  }
}

// Trying is half the work of asking `URL.canParse` first.
function parsed(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

// `//host` and `/\host` name a host. With a dot before it, a path stays one, whatever colons it has.
const isPath = (text: string): boolean => text.startsWith('/') && text[1] !== '/' && text[1] !== '\\';
