import type { Readable } from 'node:stream';

/** What an endpoint answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes, or a function that starts streaming them. */
  readonly payload: Buffer | (() => Readable);
  /** Why, for the developer: sent as `x-emulator-note` and recorded in the log. Wix sends nothing like it. */
  readonly note: string | undefined;
}

/** Thrown by an endpoint to answer at once. */
export class Refused extends Error {
  constructor(readonly answer: Answer) {
    super(answer.note ?? `Refused with ${answer.status.toString()}`);
    this.name = 'Refused';
  }
}

/** A JSON answer. */
export function jsonAnswer(status: number, body: unknown, note?: string): Answer {
  return textAnswer(status, 'application/json', JSON.stringify(body), note);
}

/** An answer of any text. */
export function textAnswer(status: number, contentType: string, text: string, note?: string): Answer {
  return { status, headers: { 'content-type': contentType }, payload: Buffer.from(text), note };
}

/** An answer without body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}, note?: string): Answer {
  return { status, headers, payload: Buffer.alloc(0), note };
}

/** The branded page that stands before Wix's APIs now and then. */
export function htmlAnswer(status: number, note?: string): Answer {
  const page = `<!DOCTYPE html><html><head><title>Wix.com</title></head><body><h1>${status.toString()}</h1></body></html>`;
  return textAnswer(status, 'text/html; charset=utf-8', page, note);
}

/** An error as Wix's APIs write it. */
export function wixError(status: number, code: string, message: string, note?: string): Answer {
  if (status >= 500) return jsonAnswer(status, { message: '', details: {} }, note);
  const applicationError = { code, description: message, data: {} };
  return jsonAnswer(status, { message, details: { applicationError } }, note);
}

/** An error about one field of the request, as Wix's APIs write it. */
export function validationError(field: string, description: string): Answer {
  const violation = { field, description, violatedRule: 'OTHER' };
  const details = { validationError: { fieldViolations: [violation] } };
  return jsonAnswer(400, { message: `${field} ${description}`, details });
}

/** An error as `/oauth2/token` writes it (RFC 6749). */
export const oauthError = (status: number, error: string, note?: string): Answer => jsonAnswer(status, { error }, note);

/** What Wix says when a field has the wrong JSON type. It names no field. */
export const wrongJsonType = (note: string): Answer =>
  jsonAnswer(400, { message: 'Unexpected value for StringValue', details: {} }, note);

/** The same answer with more headers. */
export const withHeaders = (answer: Answer, headers: Readonly<Record<string, string>>): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
});
