import { markRefusal } from '../client/answers/marked-refusal.js';
import type { WixApiAnswer } from '../client/answers/wix-api.error.js';
import type { PlainAnswer } from '../client/plain-calls.js';
import { isJsonObject, objectOf, parseJson } from '../core/values/json.js';

/** The answer as `fetch` gives it. One that refuses carries along what it says, for errors that are made of it. */
export function responseFrom(answer: PlainAnswer, isForModule: boolean): Response {
  const { status, statusText, headers, body, refusal } = answer;
  const init = { status, statusText, headers: headers.map(([name, value]): [string, string] => [name, value]) };
  const response = new Response(HAS_NO_BODY.has(status) ? null : body, init);
  return refusal === undefined ? response : carrying(refusal, response, isForModule);
}

const HAS_NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * The SDK makes an error of the status and the parsed body alone, and drops the headers, the method and the path. The
 * objects of the body end up in that error, so they carry all of it.
 */
function carrying(refusal: WixApiAnswer, response: Response, isForModule: boolean): Response {
  const read = async (): Promise<unknown> => {
    const body: unknown = isForModule ? readAsModule(await response.text()) : await parsed();
    for (const part of partsOf(body)) markRefusal(part, refusal);
    return body;
  };
  const parsed = response.json.bind(response);
  markRefusal(response, refusal);
  return Object.defineProperty(response, 'json', { value: read });
}

// For a module, a page means no more than an empty object, which can be marked.
function readAsModule(text: string): unknown {
  const body = parseJson(text);
  return isJsonObject(body) ? body : {};
}

function partsOf(body: unknown): readonly unknown[] {
  const details = objectOf(isJsonObject(body) ? body : {}, 'details');
  return [body, details['applicationError'], details['validationError']];
}
