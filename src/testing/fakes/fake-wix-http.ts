import { defer, type Observable } from 'rxjs';

import type { AnyWixIdentity, WixHttpService, WixIdentityType, WixRequestConfig } from '../../index.js';
import { unanswered, type Unanswered } from './unanswered-call.js';

/** A call that a test answers in place of Wix. */
export interface FakeWixCall {
  /** In upper case. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The query parameters that were given apart from the URL. */
  readonly params: unknown;
  /** The body, as it was given. */
  readonly body: unknown;
  /** On behalf of whom: the app (`asInstance`), or the kind of caller (`onBehalfOf`). */
  readonly caller: WixIdentityType;
}

/** The body of an answer with status 200, or what makes one of the call. It may throw, a `WixApiError` for instance. */
export type FakeWixAnswer = object | string | number | boolean | null | ((call: FakeWixCall) => unknown);

/** What Wix answers, by method and path: `{ 'GET /stores/v3/products/1': { product: { name: 'Roses' } } }`. */
export type FakeWixAnswers = Readonly<Record<string, FakeWixAnswer>>;

/**
 * A `WixHttpService` that sends nothing, for pure unit tests of what calls Wix. A call without an answer fails, and the
 * error names it. `axiosRef`, retries and limits are not there: for those take a {@link WixEmulator}.
 *
 * @param answers by method and path. @default none
 * @example
 * const wix = fakeWixHttp({ 'POST /stores/v3/products/query': { products: [{ name: 'Roses' }] } });
 * const catalog = new CatalogController(wix);
 */
export const fakeWixHttp = (answers: FakeWixAnswers = {}): WixHttpService => fakeHttpWith(answers, unanswered);

/** The same, with another error for calls without an answer. */
export function fakeHttpWith(answers: FakeWixAnswers, failure: Unanswered): WixHttpService {
  const service = {
    asInstance: () => new FakeClient(answers, 'app', failure),
    onBehalfOf: ({ type }: AnyWixIdentity) => new FakeClient(answers, type, failure),
    get axiosRef(): never {
      throw failure('WixHttpService.axiosRef', EMULATOR);
    },
  };
  // Because of the private members of the class, nothing else has its type.
  return service as unknown as WixHttpService;
}

/** The members of `WixHttpClient` that handlers call. */
class FakeClient {
  readonly #answers: FakeWixAnswers;
  readonly #caller: WixIdentityType;
  readonly #failure: Unanswered;

  constructor(answers: FakeWixAnswers, caller: WixIdentityType, failure: Unanswered) {
    this.#answers = answers;
    this.#caller = caller;
    this.#failure = failure;
  }

  get axiosRef(): never {
    throw this.#failure('WixHttpClient.axiosRef', EMULATOR);
  }

  request({ method = 'get', url = '', params, data }: WixRequestConfig): Observable<object> {
    const path = new URL(url, 'https://www.wixapis.com').pathname;
    return defer(() => this.#answer({ method: method.toUpperCase(), path, params, body: data, caller: this.#caller }));
  }

  get(url: string, config?: WixRequestConfig): Observable<object> {
    return this.request({ ...config, method: 'get', url });
  }

  head(url: string, config?: WixRequestConfig): Observable<object> {
    return this.request({ ...config, method: 'head', url });
  }

  delete(url: string, config?: WixRequestConfig): Observable<object> {
    return this.request({ ...config, method: 'delete', url });
  }

  post(url: string, data?: unknown, config?: WixRequestConfig): Observable<object> {
    return this.request({ ...config, method: 'post', url, data });
  }

  put(url: string, data?: unknown, config?: WixRequestConfig): Observable<object> {
    return this.request({ ...config, method: 'put', url, data });
  }

  patch(url: string, data?: unknown, config?: WixRequestConfig): Observable<object> {
    return this.request({ ...config, method: 'patch', url, data });
  }

  async #answer(call: FakeWixCall): Promise<object> {
    const key = `${call.method} ${call.path}`;
    const answer = this.#answers[key];
    if (answer === undefined) throw this.#failure(`${key} as the ${call.caller}`, answerIt(key));
    const data = isReply(answer) ? await answer(call) : answer;
    return { data, status: 200, statusText: 'OK', headers: {}, config: {} };
  }
}

const isReply = (answer: FakeWixAnswer): answer is (call: FakeWixCall) => unknown => typeof answer === 'function';

/** What can answer calls that a fake cannot. */
export const EMULATOR = 'Test it against a WixEmulator, which answers.';

const answerIt = (key: string): string =>
  `Give it one, { '${key}': … }, or test against a WixEmulator, which answers as Wix does.`;
