import type { RefusalStreak } from './refusal-streak.js';
import { numberOf, textOf, type JsonObject } from '../../core/values/json.js';
import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import { isGuid } from '../../core/identities/wix-instance-id.js';
import { describeAnswer, factsOf, type WixAnswer } from '../../http/wix-answer.js';
import type { WixControlClient } from '../../http/wix-control.client.js';
import type { GatedRequest } from '../../http/wix-gate.js';

/** What Wix says of an access token it calls active. */
export interface TokenInfo {
  readonly subjectType: string | undefined;
  readonly subjectId: string | undefined;
  /** Seconds since the epoch. */
  readonly exp: number;
  /** Seconds since the epoch. */
  readonly iat: number | undefined;
  readonly clientId: string | undefined;
  readonly siteId: string | undefined;
  readonly instanceId: string | undefined;
  /** The plan the site bought; absent, null and empty all mean that none is named. */
  readonly vendorProductId: string | undefined;
}

/** How to ask about a token. */
export interface TokenTraffic {
  /** Tokens that were good before do not queue with unknown ones. */
  readonly lane: 'introspection' | 'reverification' | 'install';
  /** The installation the token names. */
  readonly instanceId: string | undefined;
}

/**
 * Asks Wix about access tokens (https://dev.wix.com/docs/api-reference/app-management/oauth-2/token-info).
 * Both of its JSON forms are understood: numbers and booleans as such, or as strings.
 */
export class TokenInfoEndpoint {
  readonly #client: WixControlClient;
  readonly #streak: RefusalStreak | undefined;

  /** @param streak notices when Wix refuses everything. */
  constructor(client: WixControlClient, streak?: RefusalStreak) {
    this.#client = client;
    this.#streak = streak;
  }

  /**
   * What Wix says of a token, or `'inactive'` when it says no.
   *
   * @throws {@link WixUnavailableError} when it says nothing that can be understood.
   */
  async describe(token: string, traffic: TokenTraffic): Promise<TokenInfo | 'inactive'> {
    const answer = await this.#client.send({
      ...requestFor(traffic),
      method: 'POST',
      body: { token },
      repeatable: true,
      isReadable: (answered) => infoIn(answered) !== undefined,
    });
    const info = isRefusal(answer) ? 'inactive' : (infoIn(answer) ?? throwUnexpectedAnswer(answer));
    if (info !== 'inactive') this.#streak?.accepted();
    else if (traffic.lane === 'reverification') this.#streak?.refused({ ...traffic, ...answer });
    return info;
  }

  /** Refuses what would not be asked anyway. @throws {@link WixUnavailableError} */
  refuseEarly(traffic: TokenTraffic): void {
    this.#client.refuseEarly(requestFor(traffic));
  }

  /** Whether there is room to ask about a token that is good still. */
  get hasRoomToSpare(): boolean {
    return this.#client.hasRoomToSpare('reverification');
  }
}

const requestFor = (traffic: TokenTraffic) => ({ ...traffic, path: '/oauth2/token-info' }) satisfies GatedRequest;

// A refusal is one only with a body that Wix's API wrote, or a 401 without any: gateways answer pages of their own.
const isRefusal = ({ status, body, isEmpty }: WixAnswer): boolean =>
  (body !== undefined && [400, 401].includes(status)) || (isEmpty && status === 401);

// Beyond it there are no dates, and an identity without one would never expire.
const LAST_SECOND = 8.64e12;

function infoIn({ status, body }: WixAnswer): TokenInfo | 'inactive' | undefined {
  if (status !== 200 || body === undefined) return undefined;
  const { active } = body;
  // Wix says `active` always (so its SDK's types): an answer without it says nothing of the token.
  if (active === false || active === 'false') return 'inactive';
  return active === true || active === 'true' ? activeInfo(body) : undefined;
}

function activeInfo(body: JsonObject): TokenInfo | undefined {
  const exp = numberOf(body, 'exp');
  const instanceId = textOf(body, 'instanceId');
  if (exp === undefined || exp > LAST_SECOND || (instanceId !== undefined && !isGuid(instanceId))) return undefined;
  return {
    exp,
    iat: numberOf(body, 'iat'),
    subjectType: textOf(body, 'subjectType'),
    subjectId: textOf(body, 'subjectId'),
    clientId: textOf(body, 'clientId'),
    siteId: textOf(body, 'siteId'),
    instanceId,
    vendorProductId: textOf(body, 'vendorProductId'),
  };
}

function throwUnexpectedAnswer(answer: WixAnswer): never {
  throw new WixUnavailableError(
    `Wix did not say whether the token is good (${describeAnswer(answer)}).`,
    factsOf(answer),
  );
}
