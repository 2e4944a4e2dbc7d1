import { AssertionError } from 'node:assert';

import type { WixRoute } from '../../index.js';
import type { MatrixCaller } from './matrix-callers.js';
import type { AccessMatrixRequest } from './matrix-request.js';

/** The answer. */
export interface MatrixAnswer {
  readonly status: number;
  /** The error code in the body, from this library or any other. */
  readonly code: string | undefined;
  /** Whether Nest answered that there is no such route. */
  readonly isNowhere: boolean;
}

/** Sends a message with a credential, and resolves with what the caller received. */
export type SendMessage = (route: WixRoute, credential: string | undefined) => Promise<unknown>;

/** Whether a route is called by messages over a connection, or a broker, instead of requests. */
export const isMessage = ({ kind, name }: WixRoute): boolean =>
  kind === 'message' || name.startsWith('graphql Subscription.');

/** The answer to a message, which has no status. */
export function messageAnswer(told: unknown): MatrixAnswer {
  const code: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, 'code') : undefined;
  return { status: 200, code: typeof code === 'string' ? code : undefined, isNowhere: false };
}

/** Sends a request with a credential. */
export async function send(
  url: string,
  { path, method, body, headers = {} }: AccessMatrixRequest,
  credential: string | undefined,
): Promise<MatrixAnswer> {
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
      ...(credential === undefined ? {} : { authorization: credential }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = parsed(await response.text());
  return { status: response.status, code: codeIn(answer), isNowhere: isNowhere(response.status, answer, method) };
}

/** Fails when the answer differs from the declaration. */
export function checkAnswer(route: WixRoute, caller: MatrixCaller, answer: MatrixAnswer): void {
  const { expected } = caller;
  if (expected === 'passes') {
    if (isRefusal(answer) || answer.isNowhere) fail(route, caller, answer, 'to pass');
    return;
  }
  // GraphQL answers 200 with errors, and messages have no status; the answer to HEAD has no body.
  const isStatusRight = route.kind === 'graphql' || isMessage(route) || answer.status === expected.status;
  const isCodeRight = route.method === 'HEAD' || answer.code === expected.code;
  if (!isStatusRight || !isCodeRight) fail(route, caller, answer, `${String(expected.status)} ${expected.code}`);
}

/** Fails when an unsigned request was accepted. */
export function checkUnsigned(route: WixRoute, answer: MatrixAnswer): void {
  if (answer.status >= 400 && answer.status < 500 && !answer.isNowhere) return;
  throw new AssertionError({
    message: `${route.name} (${route.handler}) answered ${textOf(answer)} to a request that Wix did not sign.`,
    actual: answer.status,
    expected: 401,
  });
}

const GUARD_CODES = /^WIX_(CREDENTIALS_|API_KEY_|IDENTITY_NOT_ALLOWED$|SCOPE_MISSING$|PLAN_REQUIRED$|UNAVAILABLE$)/;

const isRefusal = ({ code }: MatrixAnswer): boolean => code !== undefined && GUARD_CODES.test(code);

function fail({ name, handler }: WixRoute, caller: MatrixCaller, answer: MatrixAnswer, expected: string): never {
  throw new AssertionError({
    message: `${name} (${handler}), ${caller.name}: expected ${expected}, and got ${textOf(answer)}.`,
    actual: textOf(answer),
    expected,
  });
}

const textOf = ({ status, code, isNowhere: nowhere }: MatrixAnswer): string =>
  `${String(status)}${code === undefined ? '' : ` ${code}`}${nowhere ? ' (nothing is served there)' : ''}`;

// A handler may also answer 404, with its own message.
const isNowhere = (status: number, answer: unknown, method: string): boolean =>
  status === 404 && textIn(answer, 'message')?.startsWith(`Cannot ${method} /`) === true;

const codeIn = (body: unknown): string | undefined =>
  textIn(body, 'code') ?? textIn(valueIn(firstOf(valueIn(body, 'errors')), 'extensions'), 'code');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const valueIn = (parent: unknown, name: string): unknown =>
  typeof parent === 'object' && parent !== null ? (Reflect.get(parent, name) as unknown) : undefined;

const firstOf = (list: unknown): unknown => (Array.isArray(list) ? (list[0] as unknown) : undefined);

function textIn(parent: unknown, name: string): string | undefined {
  const value = valueIn(parent, name);
  return typeof value === 'string' ? value : undefined;
}
