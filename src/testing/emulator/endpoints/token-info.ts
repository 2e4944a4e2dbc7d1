import type { Platform } from '../platform.js';
import { SIGNED_INSTANCE_LIFETIME_MS } from '../tokens/signed-instance-fields.js';
import { isSignedBy, readSignedInstance, type InstanceFields } from '../tokens/signed-instance.js';
import type { IssuedToken, TokenSubject } from '../tokens/token-ledger.js';
import { isCutOff, judgeToken } from '../tokens/token-verdict.js';
import { jsonAnswer, validationError, wixError, wrongJsonType, type Answer } from '../wire/answer.js';
import { fieldsOf } from '../wire/request-body.js';
import type { Endpoint } from './endpoint.js';

/** What token-info says about an active token. Times are whole seconds since the epoch. */
interface TokenInfo {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly exp: number;
  readonly iat: number;
  readonly clientId: string;
  readonly siteId: string | undefined;
  readonly instanceId: string | undefined;
  /** The plan the site bought. */
  readonly vendorProductId: string | undefined;
}

/** `POST /oauth2/token-info`: who a token acts as. Asks for no credentials, and takes signed instances too. */
export const tokenInfoEndpoint: Endpoint = {
  method: 'POST',
  path: '/oauth2/token-info',
  handle: ({ request, platform }) => {
    const token = fieldsOf(request.body)['token'] ?? '';
    if (typeof token !== 'string') return wrongJsonType('token must be a string.');
    if (token === '') return validationError('token', 'must not be empty');
    return infoOnToken(platform, token);
  },
};

function infoOnToken(platform: Platform, token: string): Answer {
  const verdict = judgeToken(platform, token);
  switch (verdict.state) {
    case 'active':
      return activeAnswer(platform, infoOf(verdict.issued), verdict.issued.tokenInfo);
    case 'expired':
      return expiredAnswer(platform);
    case 'unknown':
      return infoOnSignedInstance(platform, token);
    default:
      return inactiveAnswer(platform, `The token is ${verdict.state}.`);
  }
}

function infoOf({ app, install, subject, issuedAt, expiresAt }: IssuedToken): TokenInfo {
  return {
    subjectType: subject.type,
    subjectId: subjectIdOf(subject) ?? app.appId,
    exp: expiresAt,
    iat: issuedAt,
    clientId: app.appId,
    siteId: install?.site.siteId,
    instanceId: install?.instanceId,
    vendorProductId: install?.plan,
  };
}

function subjectIdOf(subject: TokenSubject): string | undefined {
  switch (subject.type) {
    case 'APP':
      return undefined;
    case 'USER':
      return subject.user.userId;
    case 'MEMBER':
      return subject.member.memberId;
    case 'VISITOR':
      return subject.visitor.visitorId;
  }
}

function infoOnSignedInstance(platform: Platform, text: string): Answer {
  const fields = readSignedInstance(text);
  const app = platform.world.app(textOf(fields?.['appDefId']));
  if (!fields || !app || !isSignedBy(text, app.appSecret)) return unknownAnswer(platform);

  const install = platform.world.known(app, textOf(fields['instanceId']));
  if (!install) return unknownAnswer(platform);
  if (platform.tokens.isRevoked(text)) return inactiveAnswer(platform, 'The signed instance is revoked.');
  if (isCutOff(platform, install)) return inactiveAnswer(platform, 'The site removed the app.');

  const { iat, exp } = timesOf(fields);
  if (exp * 1000 <= platform.now()) return expiredAnswer(platform);
  const { instanceId, site } = install;
  return activeAnswer(platform, {
    ...personOf(fields),
    exp,
    iat,
    clientId: app.appId,
    siteId: site.siteId,
    instanceId,
    vendorProductId: textOf(fields['vendorProductId']) || undefined,
  });
}

function personOf(fields: InstanceFields): Pick<TokenInfo, 'subjectType' | 'subjectId'> {
  const uid = textOf(fields['uid']);
  const aid = textOf(fields['aid']);
  if (uid !== '' && uid === fields['siteMemberId']) return { subjectType: 'MEMBER', subjectId: uid };
  if (uid !== '' && aid === '') return { subjectType: 'USER', subjectId: uid };
  return { subjectType: 'VISITOR', subjectId: aid };
}

function timesOf(fields: InstanceFields): { iat: number; exp: number } {
  const signedAt = Date.parse(textOf(fields['signDate'])) || 0;
  const expiresAt = Date.parse(textOf(fields['expirationDate'])) || signedAt + SIGNED_INSTANCE_LIFETIME_MS;
  return { iat: Math.floor(signedAt / 1000), exp: Math.floor(expiresAt / 1000) };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function activeAnswer(platform: Platform, info: TokenInfo, changes: InstanceFields = {}): Answer {
  const write = writersOf(platform);
  const times = { exp: write.number(info.exp), iat: write.number(info.iat) };
  return jsonAnswer(200, { active: write.boolean(true), ...info, ...times, ...changes });
}

const inactiveAnswer = (platform: Platform, note: string): Answer =>
  jsonAnswer(200, { active: writersOf(platform).boolean(false) }, note);

const expiredAnswer = (platform: Platform): Answer =>
  platform.variants.expiredToken === 401
    ? wixError(401, 'UNAUTHENTICATED', 'Token expired')
    : inactiveAnswer(platform, 'The token has expired.');

function unknownAnswer(platform: Platform): Answer {
  const note = 'This emulator did not issue the token, or it was altered.';
  const status = platform.variants.unknownToken;
  return status === 'inactive'
    ? inactiveAnswer(platform, note)
    : wixError(status, 'INVALID_TOKEN', 'Invalid token', note);
}

function writersOf({ variants }: Platform) {
  const asText = variants.tokenInfo === 'strings';
  const isNative = variants.tokenInfo === 'native';
  return {
    boolean: (value: boolean): boolean | string => (asText ? value.toString() : value),
    number: (value: number): number | string => (isNative ? value : value.toString()),
  };
}
