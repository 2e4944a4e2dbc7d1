import { AuthEvents } from '../core/auth-events.js';
import type { AppCredentials } from '../core/app-credentials.js';
import type { WixClock } from '../core/clock.js';
import { isJsonObject, numberOf, parseJson, textOf, type JsonObject } from '../core/values/json.js';
import {
  WixAppRefusedError,
  WixInstanceUnknownError,
  WixOnBehalfUnavailableError,
  WixUnavailableError,
  type WixAuthError,
} from '../core/wix-auth.errors.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import { describeAnswer, factsOf, isSuccess, problemOf, saysAppRefused, type WixAnswer } from '../http/wix-answer.js';
import type { WixControlClient, ControlRequest } from '../http/wix-control.client.js';
import { WixAccessToken } from './wix-access-token.js';

const PATH = '/oauth2/token';
// Some flows of Wix answer without `expires_in`; their own tooling assumes five minutes then.
const DEFAULT_LIFETIME_S = 300;
const LONGEST_LIFETIME_S = 366 * 24 * 3_600;

/** Obtains tokens from Wix's token endpoint (Create Access Token). */
export class TokenEndpoint {
  readonly #client: WixControlClient;
  readonly #app: AppCredentials;
  readonly #clock: WixClock;
  readonly #lane: ControlRequest['lane'];
  readonly #events: AuthEvents;
  #refused = 0;

  constructor(
    client: WixControlClient,
    app: AppCredentials,
    clock: WixClock,
    lane: ControlRequest['lane'] = 'control',
    events = new AuthEvents(),
  ) {
    this.#events = events;
    this.#client = client;
    this.#app = app;
    this.#clock = clock;
    this.#lane = lane;
  }

  /** A token of the app on one site, by client credentials. */
  async mint(instanceId: WixInstanceId): Promise<WixAccessToken> {
    const answer = await this.#send(instanceId, {
      grant_type: 'client_credentials',
      client_id: this.#app.appId,
      client_secret: this.#app.revealSecret(),
      instance_id: instanceId,
    });
    return this.#tokenIn(answer) ?? raise(mintRefusal(answer, instanceId));
  }

  /** A token of the same identity that a server may use, for one that came from a front end. */
  async unbind(instanceId: WixInstanceId, presentedToken: string): Promise<WixAccessToken> {
    const answer = await this.#send(instanceId, {
      grant_type: 'strip_bound_session',
      client_secret: this.#app.revealSecret(),
      access_token: presentedToken,
    });
    return this.#tokenIn(answer) ?? raise(unbindRefusal(answer));
  }

  // Tokens obtained twice are both valid and the first is simply never used: asking again does no harm.
  async #send(instanceId: WixInstanceId, body: object): Promise<WixAnswer> {
    const request = { method: 'POST', path: PATH, body, repeatable: true, lane: this.#lane, instanceId } as const;
    const answer = unwrapped(await this.#client.send(request));
    if (saysAppRefused(answer)) this.#noteRefused(answer);
    else if (isSuccess(answer.status)) this.#noteAccepted();
    return answer;
  }

  #noteRefused({ requestId }: WixAnswer): void {
    this.#refused += 1;
    if (this.#refused === 1) this.#events.emit('appRefused', { requestId });
  }

  #noteAccepted(): void {
    if (this.#refused > 0) this.#events.emit('appAccepted', { refused: this.#refused });
    this.#refused = 0;
  }

  #tokenIn({ status, body }: WixAnswer): WixAccessToken | undefined {
    if (status >= 300 || body === undefined) return undefined;
    const value = textOf(body, 'access_token') ?? textOf(body, 'accessToken');
    return value === undefined ? undefined : new WixAccessToken(value, this.#expiryIn(body));
  }

  #expiryIn(body: JsonObject): Date {
    const expiresInS = numberOf(body, 'expires_in') ?? numberOf(body, 'expiresIn') ?? DEFAULT_LIFETIME_S;
    const seconds = expiresInS > 0 && expiresInS <= LONGEST_LIFETIME_S ? expiresInS : DEFAULT_LIFETIME_S;
    return new Date(this.#clock.nowMs() + seconds * 1_000);
  }
}

// The endpoint is documented as a raw HTTP method, which some gateways answer as {statusCode, body}.
function unwrapped(answer: WixAnswer): WixAnswer {
  const inner = answer.body?.['body'];
  const body = typeof inner === 'string' ? parseJson(inner) : inner;
  if (answer.body === undefined || !isJsonObject(body)) return answer;
  return { ...answer, status: numberOf(answer.body, 'statusCode') ?? answer.status, body };
}

function raise(error: WixAuthError): never {
  throw error;
}

const saysUnknownInstance = (answer: WixAnswer): boolean =>
  answer.body !== undefined &&
  (answer.status === 404 || /instance.{0,20}not found|not found in any|not installed/i.test(problemOf(answer).text));

function mintRefusal(answer: WixAnswer, instanceId: WixInstanceId): WixAuthError {
  if (saysAppRefused(answer)) return appRefused(answer);
  if (answer.status >= 400 && saysUnknownInstance(answer)) {
    return new WixInstanceUnknownError(
      `Wix knows no installation ${instanceId} of this app: it was never installed there, or was removed.`,
      { requestId: answer.requestId },
    );
  }
  return unexpectedAnswer(answer);
}

function unbindRefusal(answer: WixAnswer): WixAuthError {
  if (saysAppRefused(answer)) return appRefused(answer);
  if (answer.body === undefined || answer.status < 400) return unexpectedAnswer(answer);
  return new WixOnBehalfUnavailableError(
    `Wix did not exchange the caller's token (${describeAnswer(answer)}). If Wix changed this undocumented exchange, ` +
      `set onBehalfOf: 'forward'.`,
  );
}

const appRefused = (answer: WixAnswer): WixAppRefusedError =>
  new WixAppRefusedError(
    'Wix refuses the app id or secret (invalid_client). Compare appId and appSecret with the app dashboard (OAuth page).',
    { requestId: answer.requestId },
  );

const unexpectedAnswer = (answer: WixAnswer): WixUnavailableError =>
  new WixUnavailableError(`Wix gave no token and no clear reason (${describeAnswer(answer)}).`, factsOf(answer));
