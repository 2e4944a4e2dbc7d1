import type { WixRoute } from '../manifest/wix-route.js';
import { templateIn, templatesOf } from './path-templates.js';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'search', 'query'];

/** Finds the route behind an operation of a document. */
export class RouteFinder {
  readonly #routes = new Map<string, WixRoute>();
  readonly #prefix: string;

  /** @param prefix - the prefix that the paths of the document leave out. */
  constructor(routes: readonly WixRoute[], prefix: string) {
    this.#prefix = prefix;
    for (const route of routes) this.#add(route);
  }

  /** The route of a method and a path in a document; `undefined` when that is not an operation or not a known route. */
  find(method: string, path: string): WixRoute | undefined {
    if (!METHODS.includes(method)) return undefined;
    const template = templateIn(`${this.#prefix}${path}`);
    return this.#routes.get(`${method} ${template}`) ?? this.#routes.get(`all ${template}`);
  }

  // Of several routes at one address, such as versions selected by a header, the document has the first too.
  #add({ method, path, ...route }: WixRoute): void {
    if (method === undefined || path === undefined) return;
    for (const template of templatesOf(path)) {
      const key = `${method.toLowerCase()} ${template}`;
      if (!this.#routes.has(key)) this.#routes.set(key, { ...route, method, path });
    }
  }
}
