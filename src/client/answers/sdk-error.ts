import { isJsonObject, objectOf, type JsonObject } from '../../core/values/json.js';
import { requestIdText } from '../../core/values/upstream-text.js';
import { retryAfterMs } from '../../http/limits/retry-after.js';
import { markedRefusal } from './marked-refusal.js';
import { WixApiError, type WixApiAnswer } from './wix-api.error.js';

/**
 * The refusal by Wix in an error of a call: a {@link WixApiError} as it is, and errors of Wix's SDK as the
 * `WixApiError` that {@link WixHttpService} would have thrown. `undefined` for all others.
 *
 * Errors of the SDK are told by their shape, so they may come from modules and GraphQL of any version and of any client.
 * Of clients that this module did not make the method, the path and `Retry-After` are not known.
 */
export function wixApiErrorOf(error: unknown): WixApiError | undefined {
  if (error instanceof WixApiError) return error;
  const answer = answerIn(error);
  return answer && new WixApiError(answer);
}

function answerIn(error: unknown): WixApiAnswer | undefined {
  if (!isJsonObject(error)) return undefined;
  const { response } = error;
  return markedIn(error) ?? (response instanceof Response ? ofGraphql(error, response) : ofModule(error));
}

// The parts of Wix's body, where the SDK puts them: modules throw an error around the body, some the body alone.
function markedIn(error: JsonObject): WixApiAnswer | undefined {
  const details = [objectOf(objectOf(error, 'response'), 'data'), error].map((body) => objectOf(body, 'details'));
  const parts = details.flatMap((each) => {
    const { applicationError, validationError } = each;
    return [applicationError, validationError, bodyBehind(objectOf(each, 'applicationError'))];
  });
  return [...parts, error['response']].map(markedRefusal).find((answer) => answer !== undefined);
}

// Where Wix gave no details, the SDK makes some up: with the status as code, and the whole body in them.
const bodyBehind = (applicationError: JsonObject): unknown => objectOf(applicationError, 'data')['details'];

function ofModule(error: JsonObject): WixApiAnswer | undefined {
  const { response, requestId } = error;
  if (!(error instanceof Error) || !isJsonObject(response) || !('requestId' in error)) return undefined;
  const { status, data } = response;
  if (typeof status !== 'number' || !isBodyOfSdk(data) || Object.keys(response).length > 2) return undefined;
  return { ...UNKNOWN_CALL, status, body: bodyOfWix(data), requestId: requestIdText(requestId) };
}

const isBodyOfSdk = (data: unknown): data is JsonObject =>
  isJsonObject(data) && 'message' in data && isJsonObject(data['details']);

function bodyOfWix(data: JsonObject): unknown {
  const applicationError = objectOf(objectOf(data, 'details'), 'applicationError');
  return typeof applicationError['code'] === 'number' ? bodyBehind(applicationError) : data;
}

function ofGraphql(error: JsonObject, { status, headers }: Response): WixApiAnswer | undefined {
  if (!(error instanceof Error) || !error.message.startsWith('GraphQL request failed')) return undefined;
  return {
    ...UNKNOWN_CALL,
    status,
    body: undefined,
    requestId: requestIdText(headers.get('x-wix-request-id')),
    retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()),
  };
}

const UNKNOWN_CALL = { method: '', path: '' } as const;
