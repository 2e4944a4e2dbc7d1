import { createHash } from 'node:crypto';

import type { RecordedRequest } from '../../request-log.js';
import type { CallerView, HintView, RequestDetails, RequestView } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { isWixPage } from '../installing/wix-pages.js';
import { callerOf, tokenIn } from './caller.js';
import { hintsOf } from './hints.js';
import type { JournalEntry } from './journal-entry.js';
import { redacted, redactedFields, redactedUrl } from './redaction.js';

const MAX_ENTRIES = 1_000;

/** The requests of the app to Wix, as the console shows them: without credentials. */
export class RequestJournal {
  readonly #context: ConsoleContext;
  readonly #entries = new Map<number, JournalEntry>();
  readonly #repeats = new Map<string, number>();
  #lastId = 0;
  #hints: readonly HintView[] = [];

  constructor(context: ConsoleContext) {
    this.#context = context;
    context.parts.log.onRequest((request) => {
      if (!isWixPage(request.path)) this.#add(request);
    });
  }

  /** Oldest first. */
  get entries(): readonly JournalEntry[] {
    return [...this.#entries.values()];
  }

  get hints(): readonly HintView[] {
    return hintsOf(this.entries);
  }

  /** The id of the newest request. */
  get lastId(): number {
    return this.#lastId;
  }

  details(id: number): RequestDetails | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    const { query, headers, body } = entry.request;
    const shown = Object.entries(redactedFields(headers)).map(([name, value]) => [name, String(value)] as const);
    return {
      ...entry.view,
      query: Object.fromEntries(Object.entries(redactedFields(query)).map(([name, value]) => [name, String(value)])),
      headers: Object.fromEntries(shown),
      body: redacted(body) ?? null,
    };
  }

  clear(): void {
    this.#entries.clear();
    this.#repeats.clear();
    this.#context.parts.log.reset();
    this.#context.stream.send('requestsCleared', {});
    this.#tellHints();
  }

  #add(request: RecordedRequest): void {
    const id = (this.#lastId += 1);
    const startedAt = performance.now();
    const caller = callerOf(this.#context, request);
    const token = tokenIn(request);
    const tokenDigest = token === undefined ? undefined : digestOf(token);
    const facts = { request, caller, tokenDigest };
    const repeats = this.#countRepeat(request);
    this.#tell({ ...facts, view: viewOf(id, request, caller, repeats, null) });
    void request.settled.then(() => {
      if (!this.#entries.has(id)) return;
      const ms = Math.round(performance.now() - startedAt);
      this.#tell({ ...facts, view: viewOf(id, request, caller, repeats, ms) });
      this.#tellHints();
    });
  }

  #tell(entry: JournalEntry): void {
    this.#entries.set(entry.view.id, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    this.#context.stream.send('request', entry.view);
  }

  #tellHints(): void {
    if (!this.#context.stream.isRead) return;
    const { hints } = this;
    if (JSON.stringify(hints) === JSON.stringify(this.#hints)) return;
    this.#hints = hints;
    this.#context.stream.send('hints', hints);
  }

  #countRepeat({ method, url, rawBody, headers }: RecordedRequest): number {
    const same = digestOf(JSON.stringify([method, url, rawBody, headers['authorization']]));
    const count = this.#repeats.get(same) ?? 0;
    if (this.#repeats.size > 10 * MAX_ENTRIES) this.#repeats.clear();
    this.#repeats.set(same, count + 1);
    return count;
  }
}

function viewOf(
  id: number,
  request: RecordedRequest,
  caller: CallerView | null,
  repeats: number,
  ms: number | null,
): RequestView {
  const { requestId, at, method, path, status = null, grantType = null, note = null, faulty, aborted } = request;
  const shownPath = redactedUrl(path);
  return {
    id,
    requestId,
    at,
    method,
    path: shownPath,
    status,
    ms,
    grantType,
    as: caller,
    repeats,
    note,
    faulty,
    aborted,
  };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');
