import { createPublicKey, type KeyObject } from 'node:crypto';

import {
  IsIn,
  IsObject,
  IsOptional,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';

import { isJsonObject } from '../core/json.js';
import { isGuid } from '../core/wix-instance-id.js';
import { WixMisconfiguredError } from '../core/wix-auth.errors.js';

const holds = (name: string, test: (value: unknown) => boolean, remedy: string): PropertyDecorator =>
  ValidateBy({ name, validator: { validate: test, defaultMessage: () => `$property ${remedy}` } });

const IsDuration = (): PropertyDecorator =>
  holds('isDuration', isCount, 'must be a whole number of milliseconds, 0 or more.');

const IsPositive = (): PropertyDecorator =>
  holds('isPositive', (value) => isCount(value) && value > 0, 'must be a whole number above 0.');

// Timers take no more: they would fire at once.
const MAX_COUNT = 2 ** 31 - 1;

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_COUNT;

const isText =
  (test: (text: string) => boolean) =>
  (value: unknown): boolean =>
    typeof value === 'string' && test(value);

const isOneOrMore =
  (test: (text: string) => boolean) =>
  (value: unknown): boolean => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.length > 0 && list.every((entry) => typeof entry === 'string' && test(entry));
  };

const isSecret = (text: string): boolean => text.trim() !== '' && text.trim() === text && !text.startsWith('IST.');

function isApiUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** A public key from PEM, PEM with literal `\n`, or the base64 of either. */
export const parsePublicKey = (text: string): KeyObject => createPublicKey(pemIn(text));

function pemIn(text: string): string {
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  return pem.replaceAll('\\n', '\n');
}

// A public key can be made from a private one too, but that one has no business here.
function isRsaPublicKey(text: string): boolean {
  try {
    return parsePublicKey(text).asymmetricKeyType === 'rsa' && !pemIn(text).includes('PRIVATE KEY');
  } catch {
    return false;
  }
}

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
  @IsOptional() @IsDuration() rejectedTtlMs?: unknown;
  @IsOptional() @IsPositive() maxEntries?: unknown;
  @IsOptional() @IsPositive() maxCredentialBytes?: unknown;
  @IsOptional() @IsPositive() maxRequestsPerSecond?: unknown;
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

  @IsOptional()
  @holds('isRoleMap', isRoleMap, "must map role ids to '*' or to a list of scopes.")
  userRoles?: unknown;
}

const isGiven =
  (name: string) =>
  (options: object): boolean =>
    Reflect.get(options, name) !== undefined;

class CallRules {
  @IsOptional() @IsPositive() timeoutMs?: unknown;
  @IsOptional() @IsPositive() maxResponseBytes?: unknown;
  @IsOptional() @IsPositive() requestsPerMinute?: unknown;
}

class OptionsRules {
  @holds('isAppId', isText(isGuid), "must be the app's id, a GUID from the app dashboard (OAuth page).")
  appId?: unknown;

  @holds(
    'isAppSecret',
    isOneOrMore(isSecret),
    'must be the app secret from the app dashboard (OAuth page), or a list of them, newest first. ' +
      'It is no API key (IST...), not empty, and has no blanks around it.',
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
    isApiUrl,
    'must be an https URL without query or credentials; http is accepted for loopback addresses only (tests).',
  )
  apiUrl?: unknown;

  @IsOptional() @IsPositive() requestTimeoutMs?: unknown;

  @ValidateIf(isGiven('tokens'))
  @IsObject({ message: '$property must be an object.' })
  @ValidateNested()
  tokens?: unknown;

  @ValidateIf(isGiven('verification'))
  @IsObject({ message: '$property must be an object.' })
  @ValidateNested()
  verification?: unknown;

  @ValidateIf((options: OptionsRules) => options.signedInstance !== undefined && options.signedInstance !== false)
  @IsObject({ message: '$property must be false or an object.' })
  @ValidateNested()
  signedInstance?: unknown;

  @ValidateIf(isGiven('grants'))
  @IsObject({ message: '$property must be an object.' })
  @ValidateNested()
  grants?: unknown;

  @ValidateIf(isGiven('calls'))
  @IsObject({ message: '$property must be an object.' })
  @ValidateNested()
  calls?: unknown;

  @IsOptional()
  @IsIn(['exchange', 'forward'], { message: "$property must be 'exchange' or 'forward'." })
  onBehalfOf?: unknown;

  @IsOptional()
  @IsObject({ message: '$property must be options of @nestjs/cache-manager, such as { stores: [...] }.' })
  cache?: unknown;
}

const NESTED = {
  tokens: TokenRules,
  verification: VerificationRules,
  signedInstance: SignedInstanceRules,
  grants: GrantsRules,
  calls: CallRules,
} as const;

/**
 * Checks what a user wrote against every rule.
 *
 * @throws {@link WixMisconfiguredError} listing all problems with their remedies, and never a value.
 */
export function checkOptions(options: unknown): void {
  const problems = validateSync(ruled(options), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  }).flatMap((error) => problemsIn(error));
  if (problems.length === 0) return;
  throw new WixMisconfiguredError(
    `WixAuthModule cannot start: its options have ${problems.length === 1 ? 'a problem' : `${String(problems.length)} problems`}.\n` +
      problems.map((problem) => `  - ${problem}`).join('\n'),
  );
}

// class-validator finds its rules by class, and must not get hold of the user's own object.
function ruled(options: unknown): OptionsRules {
  const rules = Object.assign(new OptionsRules(), options);
  for (const [name, Rules] of Object.entries(NESTED)) {
    const value: unknown = Reflect.get(rules, name);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      Reflect.set(rules, name, Object.assign(new Rules(), value));
    }
  }
  return rules;
}

function problemsIn({ property, constraints = {}, children = [] }: ValidationError, parent = ''): readonly string[] {
  const path = `${parent}${property}`;
  const own = Object.entries(constraints).map(([rule, message]) =>
    rule === 'whitelistValidation'
      ? `${path} is no option of WixAuthModule: remove it or mend its name.`
      : parent + message,
  );
  return [...own, ...children.flatMap((child) => problemsIn(child, `${path}.`))];
}
