/** A page a browser came to rest on. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Every address it was redirected through on the way, the last one included. */
  readonly via: readonly string[];
}

const MAX_REDIRECTS = 10;

/** A browser as far as installations need one: cookies by host, redirects, forms. */
export class Browser {
  /** `false` keeps none, as with cookies blocked. */
  keepsCookies = true;
  /** Sent with every request. */
  readonly headers: Record<string, string> = {};
  readonly #jar = new Map<string, Map<string, string>>();

  /** Every `Set-Cookie` header received, oldest first. */
  readonly setCookies: string[] = [];

  /** Opens an address and follows redirects, but for those to an address that `until` takes. */
  async open(url: string, until: (url: string) => boolean = () => false): Promise<Page> {
    return this.#follow(url, { method: 'GET' }, until);
  }

  /** Submits the form of a page, with these fields in addition. */
  async submit(
    page: Page,
    fields: Record<string, string>,
    until: (url: string) => boolean = () => false,
  ): Promise<Page> {
    const hidden = [...page.html.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const body = new URLSearchParams(
      hidden.map(([, name = '', value = '']): [string, string] => [name, unescaped(value)]),
    );
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.#follow(page.url, { method: 'POST', body }, until);
  }

  async #follow(start: string, init: RequestInit, until: (url: string) => boolean): Promise<Page> {
    const via = [start];
    let response = await this.#request(start, init);
    for (let location = next(response, start); location !== undefined; location = next(response, location)) {
      via.push(location);
      if (until(location) || via.length > MAX_REDIRECTS) break;
      response = await this.#request(location, { method: 'GET' });
    }
    const { status, headers } = response;
    return { url: via.at(-1) ?? start, status, headers, html: await response.text(), via };
  }

  async #request(url: string, init: RequestInit): Promise<Response> {
    const { host } = new URL(url);
    const cookies = [...(this.#jar.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...this.headers, ...(cookies === '' ? {} : { cookie: cookies }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    this.setCookies.push(...response.headers.getSetCookie());
    if (this.keepsCookies) response.headers.getSetCookie().forEach((text) => this.#keep(host, text));
    return response;
  }

  #keep(host: string, text: string): void {
    const [pair = ''] = text.split(';');
    const [name = '', ...value] = pair.split('=');
    const jar = this.#jar.get(host) ?? new Map<string, string>();
    if (text.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, value.join('='));
    this.#jar.set(host, jar);
  }
}

function next(response: Response, base: string): string | undefined {
  const location = response.headers.get('location');
  return location === null ? undefined : new URL(location, base).href;
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
