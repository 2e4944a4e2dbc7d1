import type { WixPermissionHint } from './permission-hint.js';
import { readProblem, type WixFieldViolation } from './api-problem.js';

/** The facts of an answer with which Wix refused a call. */
export interface WixApiAnswer {
  /** In upper case; empty where it is not known. */
  readonly method: string;
  /** Without the query; empty where it is not known. */
  readonly path: string;
  /** The HTTP status. */
  readonly status: number;
  /** JSON if it was JSON, else text; `undefined` when it was empty. */
  readonly body: unknown;
  /** Wix's id of the request (`x-wix-request-id`). */
  readonly requestId?: string | undefined;
  /** What `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What the call is known to need permissions for. */
  readonly permissionHint?: WixPermissionHint | undefined;
  /** A sentence of ours to end the message with. */
  readonly remark?: string | undefined;
}

const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Wix answered a call made through this module, and not with success. What it means is up to you: this is no HTTP
 * exception, and unless you catch it or use {@link WixApiExceptionFilter}, your own caller gets a 500.
 *
 * Holds neither the request's headers nor its body, so it can be logged. When Wix did not answer at all, the error is
 * {@link WixUnavailableError} instead.
 */
export class WixApiError extends Error {
  /** Always the same; tells this error from others by value. */
  readonly code = 'WIX_API_ERROR';
  /** The status Wix answered with. 401 and 404 may also mean that the app or the user lacks a permission. */
  readonly status: number;
  /** Wix's own code for what went wrong, such as `PRODUCT_NOT_FOUND`, if it gave one. Stable enough to branch on. */
  readonly applicationCode: string | undefined;
  /** What Wix says in words, bounded and without anything that could be a credential. */
  readonly description: string | undefined;
  /** The fields of the request that Wix objects to. */
  readonly fieldViolations: readonly WixFieldViolation[];
  /** Wix's id of the request (`x-wix-request-id`), for their support. */
  readonly requestId: string | undefined;
  /** Whether the same call may succeed later: throttled, or a failure on Wix's side. */
  readonly retryable: boolean;
  /** How long Wix asked to wait before that, in milliseconds, if it said so. */
  readonly retryAfterMs: number | undefined;
  /** The method of the call, in upper case. Empty of a call by a client of Wix's SDK that this module did not make. */
  readonly method: string;
  /** The path of the call, without its query. Empty likewise. */
  readonly path: string;
  /**
   * Of a 403: which permission ids the method is known to need, and which scopes grant them, so that you need not look
   * them up. `undefined` where nothing is known of the method. For you and your log, not for your caller.
   */
  readonly permissionHint: WixPermissionHint | undefined;
  readonly #body: unknown;

  constructor(answer: WixApiAnswer) {
    const problem = readProblem(answer.body);
    super(messageFor(answer, [problem.applicationCode, problem.description]));
    this.name = new.target.name;
    this.status = answer.status;
    this.applicationCode = problem.applicationCode;
    this.description = problem.description;
    this.fieldViolations = problem.fieldViolations;
    this.requestId = answer.requestId;
    this.retryable = RETRYABLE.has(answer.status);
    this.retryAfterMs = answer.retryAfterMs;
    this.method = answer.method;
    this.path = answer.path;
    this.permissionHint = answer.permissionHint;
    this.#body = answer.body;
  }

  /** The whole body, as Wix sent it: parsed if it was JSON. Not printed with the error; it may be anything. */
  get body(): unknown {
    return this.#body;
  }
}

function messageFor(answer: WixApiAnswer, said: readonly (string | undefined)[]): string {
  const { method, path, status, requestId, remark } = answer;
  const reason = said.filter((part) => part !== undefined).join(': ');
  const call = path === '' ? 'a call' : `${method} ${path}`;
  const answered = `Wix answered ${call} with ${String(status)}${reason === '' ? '' : ` ${reason}`}`;
  return `${answered}${requestId === undefined ? '' : ` (request ${requestId})`}.${remark === undefined ? '' : ` ${remark}`}`;
}
