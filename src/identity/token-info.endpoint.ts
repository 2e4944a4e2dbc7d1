import { numberOf, textOf, type JsonObject } from '../core/json.js';
import { WixUnavailableError } from '../core/wix-auth.errors.js';
import { describeAnswer, type WixAnswer } from '../http/wix-answer.js';
import type { WixControlClient, ControlRequest } from '../http/wix-control.client.js';

/** What Wix says of an access token it calls active. */
export interface TokenInfo {
  readonly subjectType: string | undefined;
  readonly subjectId: string | undefined;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly clientId: string | undefined;
  readonly siteId: string | undefined;
  readonly instanceId: string | undefined;
  /** The plan the site bought; absent, null and empty all mean that none is named. */
  readonly vendorProductId: string | undefined;
}

/**
 * Asks Wix about access tokens (https://dev.wix.com/docs/api-reference/app-management/oauth-2/token-info).
 * Both of its JSON forms are understood: numbers and booleans as such, or as strings.
 */
export class TokenInfoEndpoint {
  readonly #client: WixControlClient;
  readonly #lane: ControlRequest['lane'];

  constructor(client: WixControlClient, lane: ControlRequest['lane'] = 'introspection') {
    this.#client = client;
    this.#lane = lane;
  }

  /**
   * What Wix says of a token, or `'inactive'` when it says no.
   *
   * @throws {@link WixUnavailableError} when it says nothing that can be understood.
   */
  async describe(token: string): Promise<TokenInfo | 'inactive'> {
    const answer = await this.#client.send({
      method: 'POST',
      path: '/oauth2/token-info',
      body: { token },
      repeatable: true,
      lane: this.#lane,
    });
    if (isRefusal(answer)) return 'inactive';
    return infoIn(answer) ?? throwUnexpectedAnswer(answer);
  }
}

// A refusal is one only with a body that Wix's API wrote: gateways answer 403 and 404 pages of their own.
const isRefusal = (answer: WixAnswer): boolean => answer.body !== undefined && [400, 401].includes(answer.status);

function infoIn({ status, body }: WixAnswer): TokenInfo | 'inactive' | undefined {
  if (status !== 200 || body === undefined) return undefined;
  const active = String(body['active']);
  if (active === 'false') return 'inactive';
  return active === 'true' ? activeInfo(body) : undefined;
}

function activeInfo(body: JsonObject): TokenInfo | undefined {
  const exp = numberOf(body, 'exp');
  if (exp === undefined) return undefined;
  return {
    exp,
    subjectType: textOf(body, 'subjectType'),
    subjectId: textOf(body, 'subjectId'),
    clientId: textOf(body, 'clientId'),
    siteId: textOf(body, 'siteId'),
    instanceId: textOf(body, 'instanceId'),
    vendorProductId: textOf(body, 'vendorProductId'),
  };
}

function throwUnexpectedAnswer(answer: WixAnswer): never {
  throw new WixUnavailableError(`Wix did not say whether the token is good (${describeAnswer(answer)}).`, {
    requestId: answer.requestId,
  });
}
