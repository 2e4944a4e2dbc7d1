import { IsBoolean, IsIn, IsObject, IsOptional, IsString, ValidateIf, ValidateNested } from 'class-validator';

import { isJsonObject } from '../core/values/json.js';
import { isWebUrl } from '../core/values/web-url.js';
import { isGuid } from '../core/identities/wix-instance-id.js';
import { MESSAGE_TRANSPORTS } from '../nest/message-transports.js';
import { isAppSecret, secretFlaws } from './app-secret.js';
import { isRsaPublicKey } from './public-key.js';
import { holds, IsDuration, isOneOrMore, IsPart, IsPositive, IsStaleTime, isText } from './rule-decorators.js';

const isRoleMap = (value: unknown): boolean =>
  isJsonObject(value) && Object.values(value).every((scopes) => scopes === '*' || isScopeList(scopes));

const isScopeList = (value: unknown): boolean =>
  Array.isArray(value) && value.every(isText((scope) => scope.trim() !== '' && scope !== '*'));

class TokenRules {
  @IsOptional() @IsDuration() leewayMs?: unknown;
  @IsOptional() @IsDuration() refreshAheadMs?: unknown;
}

class VerificationRules {
  @IsOptional() @IsDuration() ttlMs?: unknown;
  @IsOptional() @IsStaleTime() staleIfErrorMs?: unknown;
  @IsOptional() @IsDuration() rejectedTtlMs?: unknown;
  @IsOptional() @IsPositive() maxEntries?: unknown;
  @IsOptional() @IsPositive() maxCredentialBytes?: unknown;
  @IsOptional() @IsPositive() maxRequestsPerSecond?: unknown;
  @IsOptional() @IsPositive() maxWaitMs?: unknown;
}

class SignedInstanceRules {
  @IsOptional()
  @holds(
    'isHeaderName',
    isText((name) => /^[\w-]+$/.test(name) && name.toLowerCase() !== 'authorization'),
    "must be the name of a header other than Authorization, such as 'x-wix-instance'.",
  )
  header?: unknown;

  @IsOptional() @IsPositive() maxAgeMs?: unknown;
}

class GrantsRules {
  @IsOptional() @IsDuration() ttlMs?: unknown;
  @IsOptional() @IsStaleTime() staleIfErrorMs?: unknown;

  @IsOptional()
  @holds('isRoleMap', isRoleMap, "must map role ids to '*' or to a list of scopes.")
  userRoles?: unknown;
}

const isStoreList = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every(isStore) : isStore(value);

// What Keyv itself takes for an adapter; a Keyv has these methods too.
const isStore = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ['get', 'set', 'delete', 'clear'].every((name) => typeof Reflect.get(value, name) === 'function');

class LoggingRules {
  @IsOptional()
  @IsIn(['table', 'summary', 'none'], { message: "$property must be 'table', 'summary' or 'none'." })
  routes?: unknown;

  @IsOptional()
  @IsIn(['text', 'json'], { message: "$property must be 'text' or 'json'." })
  format?: unknown;
}

class CacheRules {
  @IsOptional()
  @holds(
    'isStoreList',
    isStoreList,
    "must hold Keyv stores or adapters of Keyv, such as [createKeyv('redis://localhost')] of @keyv/redis, not an address.",
  )
  stores?: unknown;

  @IsOptional() @IsString({ message: '$property must be text.' }) namespace?: unknown;
  @IsOptional() @IsDuration() ttl?: unknown;
  @IsOptional() @IsDuration() refreshThreshold?: unknown;
  @IsOptional() @IsBoolean({ message: '$property must be true or false.' }) refreshAllStores?: unknown;
  @IsOptional() @IsBoolean({ message: '$property must be true or false.' }) nonBlocking?: unknown;
  @IsOptional() @IsString({ message: '$property must be text.' }) cacheId?: unknown;
}

const areAgents = (value: unknown): boolean =>
  isJsonObject(value) && Object.entries(value).every(([name, agent]) => AGENTS.has(name) && isAgent(agent));

const AGENTS: ReadonlySet<string> = new Set(['http', 'https']);

// What Node accepts; agents of other packages need not extend its class.
const isAgent = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'object' && value !== null && typeof Reflect.get(value, 'addRequest') === 'function');

class HttpRules {
  @IsOptional()
  @holds(
    'areAgents',
    areAgents,
    "must hold agents of Node as http and https, such as { https: new HttpsProxyAgent('http://proxy:3128') }, not addresses.",
  )
  agents?: unknown;
}

class CallRules {
  @IsOptional() @IsPositive() timeoutMs?: unknown;
  @IsOptional() @IsPositive() maxResponseBytes?: unknown;
  @IsOptional() @IsPositive() requestsPerMinute?: unknown;
}

const areMessageTransports = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => MESSAGE_TRANSPORTS.some((known) => known === name));

/** What `WixAuthOptions` may hold. */
export class OptionsRules {
  @holds('isAppId', isText(isGuid), "must be the app's id, a GUID from the app dashboard (OAuth page).")
  appId?: unknown;

  @holds(
    'isAppSecret',
    isOneOrMore(isAppSecret),
    'must be the app secret from the app dashboard (OAuth page), or a list of them, newest first.',
    secretFlaws,
  )
  appSecret?: unknown;

  @IsOptional()
  @holds(
    'isPublicKey',
    isOneOrMore(isRsaPublicKey),
    "must be the app's RSA public key from the app dashboard (Webhooks page): PEM, PEM with literal \\n, or base64 of the PEM.",
  )
  publicKey?: unknown;

  @IsOptional()
  @holds(
    'isApiUrl',
    isWebUrl,
    'must be an https URL without query or credentials; http is accepted for loopback addresses only (tests).',
  )
  apiUrl?: unknown;

  @IsOptional() @IsPositive() requestTimeoutMs?: unknown;

  @IsOptional() @IsDuration() shutdownTimeoutMs?: unknown;

  @IsPart() tokens?: unknown;

  @IsPart() verification?: unknown;

  @ValidateIf((options: OptionsRules) => options.signedInstance !== undefined && options.signedInstance !== false)
  @IsObject({ message: '$property must be false or an object.' })
  @ValidateNested()
  signedInstance?: unknown;

  @IsPart() grants?: unknown;

  @IsPart() calls?: unknown;

  @IsPart() http?: unknown;

  @IsPart() logging?: unknown;

  @IsOptional()
  @IsIn(['nest', 'problem+json'], { message: "$property must be 'nest' or 'problem+json'." })
  errors?: unknown;

  @IsOptional()
  @holds(
    'areMessageTransports',
    areMessageTransports,
    `must be a list of ${MESSAGE_TRANSPORTS.map((name) => `'${name}'`).join(', ')}.`,
  )
  messageTransports?: unknown;

  @IsOptional()
  @IsIn(['refusals', 'all'], { message: "$property must be 'refusals' or 'all'." })
  audit?: unknown;

  @IsOptional() @IsBoolean({ message: '$property must be true or false.' }) subjectIds?: unknown;

  @IsOptional()
  @IsIn([true, false, 'required'], { message: "$property must be true, false or 'required'." })
  verifyOnStart?: unknown;

  @IsOptional()
  @IsIn(['exchange', 'forward'], { message: "$property must be 'exchange' or 'forward'." })
  onBehalfOf?: unknown;

  @IsOptional()
  @IsObject({ message: '$property must be options of @nestjs/cache-manager, such as { stores: [...] }.' })
  @ValidateNested()
  cache?: unknown;
}

/** The rules of the parts. */
export const OPTION_PARTS = {
  tokens: TokenRules,
  verification: VerificationRules,
  signedInstance: SignedInstanceRules,
  grants: GrantsRules,
  calls: CallRules,
  http: HttpRules,
  logging: LoggingRules,
  cache: CacheRules,
} as const;
