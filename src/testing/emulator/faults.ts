import { matches, type RecordedRequest, type RequestFilter } from './request-log.js';
import { emptyAnswer, htmlAnswer, jsonAnswer, textAnswer, withHeaders, wixError, type Answer } from './wire/answer.js';

/**
 * Something that goes wrong on purpose. Combine at most one answer (`body`, `html`, `empty`, `malformed`) with
 * `status`, `headers` and a delay; `delayMs`, `until` and `headers` alone leave the ordinary answer in place.
 */
export interface EmulatorFault extends RequestFilter {
  /** The status to answer with. Alone, it comes with the body Wix sends for such a status. */
  readonly status?: number | undefined;
  /** The body: text or bytes as they are, anything else as JSON. @default status 200 */
  readonly body?: unknown;
  /** Headers to add, such as `{ 'retry-after': '2' }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A branded HTML page. @default status 403 */
  readonly html?: boolean | undefined;
  /** No body at all. @default status 403 */
  readonly empty?: boolean | undefined;
  /** JSON that stops in the middle. @default status 200 */
  readonly malformed?: boolean | undefined;
  /** Holds the answer back for so many real milliseconds. The request is carried out first. */
  readonly delayMs?: number | undefined;
  /** Holds the answer back until this settles: a delay your test ends itself. The request is carried out first. */
  readonly until?: Promise<unknown> | undefined;
  /** Never answers. The request is not carried out. */
  readonly hang?: boolean | undefined;
  /** Cuts the connection without an answer. The request is not carried out. */
  readonly reset?: boolean | undefined;
  /** Sends half of the answer and cuts the connection. The request is carried out first. */
  readonly resetMidBody?: boolean | undefined;
  /** How many requests it hits before it is over. @default all until cleared */
  readonly times?: number | undefined;
}

/** An active fault. */
export interface ActiveFault {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Ends it. */
  clear(): void;
}

/** A fault together with the requests it is for. */
export class PlannedFault implements ActiveFault {
  readonly path: string;
  readonly fault: EmulatorFault;
  hits = 0;
  #cleared = false;

  constructor(path: string, fault: EmulatorFault) {
    assertSensible(fault);
    this.path = path;
    this.fault = fault;
  }

  clear(): void {
    this.#cleared = true;
  }

  get isOver(): boolean {
    return this.#cleared || this.hits >= (this.fault.times ?? Infinity);
  }

  hit(): EmulatorFault {
    this.hits += 1;
    return this.fault;
  }
}

/** The faults of one emulator. The oldest one that is not over hits first, so they can be queued. */
export class Faults {
  #planned: PlannedFault[] = [];

  plan(path: string, fault: EmulatorFault): ActiveFault {
    const planned = new PlannedFault(path, fault);
    this.#planned.push(planned);
    return planned;
  }

  clear(): void {
    this.#planned = [];
  }

  /** The fault this request meets, if any. Counts as a hit. */
  meet(request: RecordedRequest): EmulatorFault | undefined {
    this.#planned = this.#planned.filter((planned) => !planned.isOver);
    return this.#planned.find(({ path, fault }) => matches(request, path, fault))?.hit();
  }
}

/** The answer a fault puts in place of the ordinary one, if it does. */
export function faultyAnswer(fault: EmulatorFault): Answer | undefined {
  const answer = replacement(fault);
  return answer && withHeaders(answer, fault.headers ?? {});
}

function replacement({ status, body, html, empty, malformed }: EmulatorFault): Answer | undefined {
  if (html) return htmlAnswer(status ?? 403, NOTE);
  if (empty) return emptyAnswer(status ?? 403, {}, NOTE);
  if (malformed) return textAnswer(status ?? 200, 'application/json', '{"message":"This answer stops in the mi', NOTE);
  if (body !== undefined) return bodyAnswer(status ?? 200, body);
  return status === undefined ? undefined : wixError(status, `HTTP_${status.toString()}`, 'A planned fault', NOTE);
}

function bodyAnswer(status: number, body: unknown): Answer {
  if (typeof body === 'string') return textAnswer(status, 'text/plain; charset=utf-8', body, NOTE);
  if (body instanceof Uint8Array) return { ...emptyAnswer(status, {}, NOTE), payload: Buffer.from(body) };
  return jsonAnswer(status, body, NOTE);
}

const NOTE = 'A fault planned by wix.fail().';

function assertSensible({ body, html, empty, malformed, hang, reset, resetMidBody }: EmulatorFault): void {
  const answers = [body !== undefined, html, empty, malformed].filter(Boolean);
  const ends = [hang, reset, resetMidBody].filter(Boolean);
  if (answers.length > 1 || ends.length > 1) {
    throw new Error(
      'This fault contradicts itself: give at most one of body, html, empty and malformed, ' +
        'and at most one of hang, reset and resetMidBody.',
    );
  }
}
