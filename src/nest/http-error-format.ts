/** The body of a refusal over HTTP, in Nest's form. */
interface NestBody {
  readonly statusCode: number;
  readonly message: string;
  readonly error: string | undefined;
  readonly help: string;
}

/** The format of refusals over HTTP: Nest's body, or problem details (RFC 9457). */
export class HttpErrorFormat {
  readonly #name: 'nest' | 'problem+json';

  constructor(name: 'nest' | 'problem+json') {
    this.#name = name;
  }

  /** The headers that go with the body. */
  get headers(): Readonly<Record<string, string>> {
    return this.#name === 'nest' ? {} : { 'Content-Type': 'application/problem+json; charset=utf-8' };
  }

  /** The body. In problem details, `type` is the manual's page about the code, and the facts are extension members. */
  bodyOf(body: NestBody): object {
    if (this.#name === 'nest') return body;
    const { statusCode, message, error, help, ...facts } = body;
    return { type: help, title: error, status: statusCode, detail: message, ...facts };
  }
}

/** Nest's own body. */
export const NEST_ERROR_FORMAT = new HttpErrorFormat('nest');
