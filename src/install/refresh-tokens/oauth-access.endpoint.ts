import type { AppCredentials } from '../../core/app-credentials.js';
import type { WixClock } from '../../core/clock.js';
import { numberOf, textOf, type JsonObject } from '../../core/values/json.js';
import { WixAppRefusedError, WixUnavailableError } from '../../core/wix-auth.errors.js';
import { factsOf, problemOf, saysAppRefused, type WixAnswer } from '../../http/wix-answer.js';
import type { WixControlClient, ControlRequest } from '../../http/wix-control.client.js';
import { WixAccessToken } from '../../tokens/wix-access-token.js';

const PATH = '/oauth/access';
const DEFAULT_LIFETIME_S = 300;
const LONGEST_LIFETIME_S = 86_400;

/** A pair of tokens of custom authentication. */
export interface TokenPair {
  readonly accessToken: WixAccessToken;
  /** Wix may answer a renewal without one: then the former goes on. */
  readonly refreshToken: string | undefined;
}

/**
 * Obtains tokens as custom authentication does
 * (https://dev.wix.com/docs/build-apps/build-your-app/authentication/use-advanced-oauth).
 */
export class OAuthAccessEndpoint {
  readonly #client: WixControlClient;
  readonly #app: AppCredentials;
  readonly #clock: WixClock;

  constructor(client: WixControlClient, app: AppCredentials, clock: WixClock) {
    this.#client = client;
    this.#app = app;
    this.#clock = clock;
  }

  /**
   * The tokens for a code, which counts once. `'refused'` when Wix does not take it.
   *
   * @throws {@link WixAppRefusedError}, {@link WixUnavailableError}
   */
  async exchange(code: string): Promise<TokenPair | 'refused'> {
    const answer = await this.#send({ grant_type: 'authorization_code', code }, code, 'install');
    const pair = this.#pairIn(answer);
    if (pair !== undefined) return pair;
    if (isRefusal(answer)) return 'refused';
    throw unexpectedAnswer(answer);
  }

  /**
   * New tokens for a refresh token. `'refused'` when Wix calls it dead (`invalid_grant`), and at nothing less clear.
   *
   * @throws {@link WixAppRefusedError}, {@link WixUnavailableError}
   */
  async refresh(refreshToken: string): Promise<TokenPair | 'refused'> {
    const answer = await this.#send(
      { grant_type: 'refresh_token', refresh_token: refreshToken },
      refreshToken,
      'control',
    );
    const pair = this.#pairIn(answer);
    if (pair !== undefined) return pair;
    if (problemOf(answer).code === 'invalid_grant') return 'refused';
    throw unexpectedAnswer(answer);
  }

  // Never repeated: a code counts once, and a refresh token may.
  async #send(fields: object, secret: string, lane: ControlRequest['lane']): Promise<WixAnswer> {
    const body = { ...fields, client_id: this.#app.appId, client_secret: this.#app.revealSecret() };
    const request = { method: 'POST', path: PATH, body, repeatable: false, lane } as const;
    const answer = await this.#client.send(request).catch((error: unknown) => {
      throw without(secret, error);
    });
    if (saysAppRefused(answer)) throw appRefused(answer);
    return answer;
  }

  #pairIn({ status, body }: WixAnswer): TokenPair | undefined {
    const value = body === undefined || status >= 300 ? undefined : textOf(body, 'access_token');
    if (body === undefined || value === undefined) return undefined;
    return {
      accessToken: new WixAccessToken(value, this.#expiryIn(body)),
      refreshToken: textOf(body, 'refresh_token'),
    };
  }

  #expiryIn(body: JsonObject): Date {
    const expiresInS = numberOf(body, 'expires_in') ?? DEFAULT_LIFETIME_S;
    const seconds = expiresInS > 0 && expiresInS <= LONGEST_LIFETIME_S ? expiresInS : DEFAULT_LIFETIME_S;
    return new Date(this.#clock.nowMs() + seconds * 1_000);
  }
}

// With a body that Wix's API wrote: gateways have pages of their own.
const isRefusal = ({ status, body }: WixAnswer): boolean => body !== undefined && [400, 401, 403, 404].includes(status);

const appRefused = ({ requestId }: WixAnswer): WixAppRefusedError =>
  new WixAppRefusedError(
    'Wix refuses the app id or secret (invalid_client). Compare appId and appSecret with the app dashboard (OAuth page).',
    { requestId },
  );

// An answer may repeat the code, which may be too short to be told from a word.
const without = (secret: string, error: unknown): unknown =>
  error instanceof WixUnavailableError && error.message.includes(secret)
    ? new WixUnavailableError('Wix cannot be asked right now, and repeated what it was sent.', error)
    : error;

// Without Wix's own words, for the same reason.
const unexpectedAnswer = (answer: WixAnswer): WixUnavailableError => {
  const { code = '' } = problemOf(answer);
  const reason = /^[a-z_]+$/.test(code) ? `, ${code}` : '';
  return new WixUnavailableError(
    `Wix gave no tokens and no clear reason (HTTP ${String(answer.status)}${reason}).`,
    factsOf(answer),
  );
};
