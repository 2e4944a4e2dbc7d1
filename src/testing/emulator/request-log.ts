import { fieldsOf } from './wire/request-body.js';

/** One request the emulator received, and how it ended. */
export interface RecordedRequest {
  /** The HTTP method, in capitals. */
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  /** Path and query as received. */
  readonly url: string;
  /** The query; of a repeated parameter the last value. */
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name, credentials included. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as received. */
  readonly rawBody: string;
  /** The body, parsed when it is JSON or a form, else text; `undefined` when empty. */
  readonly body: unknown;
  /** `grant_type` of the body, in either casing. */
  readonly grantType: string | undefined;
  /** When it arrived, by the emulator's clock, in milliseconds since the epoch. */
  readonly at: number;
  /** The `x-wix-request-id` of the answer. */
  readonly requestId: string;
  /** The status it was answered with; `undefined` while it waits, and when it was cut off. */
  readonly status: number | undefined;
  /** Why it was refused, in words, where the emulator can say more than Wix does. */
  readonly note: string | undefined;
  /** Whether it met a planned fault. */
  readonly faulty: boolean;
  /** Whether the client disconnected before it had the answer. */
  readonly aborted: boolean;
  /** Settles when the answer was sent, or the connection ended without one. */
  readonly settled: Promise<void>;
}

/** Which requests are meant. */
export interface RequestFilter {
  /** Only this method. @default any */
  readonly method?: string | undefined;
  /** Only requests for tokens with this grant, such as `client_credentials`. @default any */
  readonly grantType?: string | undefined;
}

/** A request on its way through the emulator. */
export class LoggedRequest implements RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: string;
  readonly body: unknown;
  readonly grantType: string | undefined;
  readonly at: number;
  readonly requestId: string;
  status: number | undefined;
  note: string | undefined;
  aborted = false;
  faulty = false;
  readonly settled: Promise<void>;
  #settle: (() => void) | undefined;

  constructor(received: Pick<RecordedRequest, 'method' | 'url' | 'headers' | 'rawBody' | 'body' | 'at' | 'requestId'>) {
    const { pathname, searchParams } = new URL(received.url, 'http://emulator');
    this.method = received.method;
    this.url = received.url;
    this.path = pathname;
    this.query = Object.fromEntries(searchParams);
    this.headers = received.headers;
    this.rawBody = received.rawBody;
    this.body = received.body;
    this.grantType = grantTypeOf(received.body);
    this.at = received.at;
    this.requestId = received.requestId;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Called when the connection is done with this request; only the first call counts. */
  settle(aborted: boolean): void {
    if (!this.#settle) return;
    this.aborted = aborted;
    this.#settle();
    this.#settle = undefined;
  }
}

/** Remembers requests, the newest `limit` of them in full, and counts all. */
export class RequestLog {
  readonly #limit: number;
  #entries: LoggedRequest[] = [];
  #tallies = new Map<string, { readonly like: LoggedRequest; count: number }>();
  readonly #listeners = new Set<(entry: RecordedRequest) => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get entries(): readonly RecordedRequest[] {
    return this.#entries;
  }

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#entries.shift();
    this.#tally(entry);
    for (const listener of [...this.#listeners]) listener(entry);
  }

  count(path?: string, filter: RequestFilter = {}): number {
    const matching = [...this.#tallies.values()].filter(({ like }) => matches(like, path, filter));
    return matching.reduce((sum, { count }) => sum + count, 0);
  }

  reset(): void {
    this.#entries = [];
    this.#tallies = new Map();
  }

  /** Calls back after each request, until the returned function is called. */
  onRequest(listener: (entry: RecordedRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tally(entry: LoggedRequest): void {
    const key = `${entry.method} ${entry.path} ${entry.grantType ?? ''}`;
    const tally = this.#tallies.get(key);
    if (tally) tally.count += 1;
    else this.#tallies.set(key, { like: entry, count: 1 });
  }
}

/** Whether a request is one of those meant. A path ending in `*` means all that begin so. */
export function matches(request: RecordedRequest, path: string | undefined, filter: RequestFilter): boolean {
  if (path !== undefined && !matchesPath(request.path, path)) return false;
  if (filter.method !== undefined && filter.method.toUpperCase() !== request.method) return false;
  return filter.grantType === undefined || filter.grantType === request.grantType;
}

const matchesPath = (path: string, expected: string): boolean =>
  expected.endsWith('*') ? path.startsWith(expected.slice(0, -1)) : path === expected;

function grantTypeOf(body: unknown): string | undefined {
  const fields = fieldsOf(body);
  const grantType = fields['grant_type'] ?? fields['grantType'];
  return typeof grantType === 'string' ? grantType : undefined;
}
