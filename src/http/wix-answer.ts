import { isJsonObject, objectOf, parseJson, textOf, type JsonObject } from '../core/values/json.js';
import { requestIdText, upstreamText } from '../core/values/upstream-text.js';
import type { WixAnswerFacts } from '../core/wix-auth.errors.js';

/** Wix's answer: status, JSON if there was any, and Wix's error. */
export interface WixAnswer {
  readonly status: number;
  /** The parsed body when it is a JSON object; HTML and empty bodies are `undefined`. */
  readonly body: JsonObject | undefined;
  /** Whether there was no body at all: so Wix words some refusals, where gateways in front of it send pages. */
  readonly isEmpty: boolean;
  /** Wix's id of the request, for their support. */
  readonly requestId: string | undefined;
}

/** What a refusing answer says, from either error envelope. Both texts are bounded and safe to print. */
export interface WixProblem {
  /** `error` of RFC 6749, or the application error's code. */
  readonly code: string | undefined;
  readonly text: string;
}

/** Reads the text of a response body. */
export const readAnswer = (status: number, text: string, requestId: unknown): WixAnswer => {
  const body = parseJson(text);
  return {
    status,
    body: isJsonObject(body) ? body : undefined,
    isEmpty: text === '',
    requestId: requestIdText(requestId),
  };
};

/** What went wrong according to Wix, from `{error, error_description}` or `{message, details}`. */
export function problemOf({ body = {} }: WixAnswer): WixProblem {
  const applicationError = objectOf(objectOf(body, 'details'), 'applicationError');
  const code = textOf(body, 'error') ?? textOf(applicationError, 'code');
  const text =
    textOf(body, 'error_description') ?? textOf(body, 'message') ?? textOf(applicationError, 'description') ?? '';
  return { code: code === undefined ? undefined : upstreamText(code), text: upstreamText(text) };
}

/** Whether Wix refuses the app's own id or secret: `invalid_client`, in either envelope and however it is written. */
export function saysAppRefused({ body = {} }: WixAnswer): boolean {
  const applicationError = objectOf(objectOf(body, 'details'), 'applicationError');
  const codes = [textOf(body, 'error'), textOf(applicationError, 'code')];
  return codes.some((code) => code?.toLowerCase() === 'invalid_client');
}

/** The facts of an error about an unusable answer. A 2xx that cannot be read counts as an outage. */
export const factsOf = ({ status, requestId }: WixAnswer): WixAnswerFacts => ({
  requestId,
  isOutage: isSuccess(status),
});

/** Whether a status is one of 2xx. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** An answer in one line for a message: status, code, text. Never more of the body. */
export function describeAnswer(answer: WixAnswer): string {
  const { code, text } = problemOf(answer);
  return [`HTTP ${String(answer.status)}`, code, text].filter((part) => part !== undefined && part !== '').join(', ');
}
