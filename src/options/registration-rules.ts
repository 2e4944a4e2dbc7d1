import { IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';

import { isWebOrigin, isWebUrl } from '../core/values/web-url.js';
import { holds, IsPart, IsPositive, isText } from './rule-decorators.js';

const IsPlainPath = (example: string): PropertyDecorator =>
  holds(
    'isPlainPath',
    isText((path) => /^[\w\-./]*\w[\w\-./]*$/.test(path)),
    `must be a plain path such as ${example}.`,
  );

const IsOneOf = (...choices: readonly string[]): PropertyDecorator =>
  IsIn(choices, { message: `$property must be ${choices.map((choice) => `'${choice}'`).join(' or ')}.` });

const IsSwitch = (): PropertyDecorator => IsBoolean({ message: '$property must be true or false.' });

const IsDecoratorList = (): PropertyDecorator =>
  holds(
    'isDecoratorList',
    (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'function'),
    'must be a list of class decorators, such as [SkipThrottle()].',
  );

class QueueRules {
  @IsOptional() @IsSwitch() work?: unknown;
  @IsOptional() @IsPositive() concurrency?: unknown;
  @IsOptional() @IsPositive() attempts?: unknown;
  @IsOptional() @IsPositive() firstRetryMs?: unknown;
  @IsOptional() @IsPositive() maxRetryMs?: unknown;
}

class WebhookRules {
  @IsOptional() @IsPlainPath('wix/webhooks') path?: unknown;
  @IsOptional() @IsSwitch() controller?: unknown;
  @IsOptional() @IsOneOf('certain', 'background', 'queue') mode?: unknown;
  @IsPart() queue?: unknown;
  @IsOptional() @IsPositive() maxBodyBytes?: unknown;

  @IsOptional() @IsPositive() handlerTimeoutMs?: unknown;
  @IsOptional() @IsPositive() maxDepth?: unknown;
  @IsOptional() @IsDecoratorList() decorators?: unknown;
}

class InstallRules {
  @holds(
    'isPublicUrl',
    isWebUrl,
    'must be the https URL under which browsers reach this application, without query or credentials; http is accepted ' +
      'for loopback addresses only.',
    (value) => (value instanceof Error ? `Its function threw: ${value.message}` : ''),
  )
  publicUrl?: unknown;

  @IsOptional() @IsPlainPath('wix/install') path?: unknown;
  @IsOptional() @IsSwitch() customAuthentication?: unknown;
  @IsOptional() @IsOneOf('required', 'optional') signedInstance?: unknown;
  @IsOptional() @IsOneOf('required', 'optional') cookie?: unknown;

  @IsOptional()
  @holds(
    'areOrigins',
    (value) => Array.isArray(value) && value.every(isWebOrigin),
    'must be a list of origins such as https://app.example.com, without a path.',
  )
  redirectOrigins?: unknown;

  @IsOptional()
  @holds('isWixUrl', isWebUrl, 'must be an https URL; http is accepted for loopback addresses only (tests).')
  wixUrl?: unknown;

  @IsOptional()
  @holds('isFolder', isText((folder) => folder !== ''), 'must be the path of a folder.')
  refreshTokenFolder?: unknown;

  @IsOptional() @IsDecoratorList() decorators?: unknown;
}

/** What `WixAuthExtras` may hold. */
export class ExtrasRules {
  @IsOptional() @IsSwitch() isGlobal?: unknown;
  @IsOptional() @IsSwitch() globalGuard?: unknown;
  @IsPart() webhooks?: unknown;
  @IsPart() install?: unknown;
  @IsOptional() @IsArray({ message: '$property must be a list of providers.' }) providers?: unknown;
  @IsOptional() @IsArray({ message: '$property must be a list of modules.' }) imports?: unknown;
}

/** The rules of the parts. */
export const EXTRA_PARTS = { webhooks: WebhookRules, install: InstallRules } as const;

/** The rules of the parts of a part. */
export const INNER_PARTS: ReadonlyMap<object, Readonly<Record<string, new () => object>>> = new Map([
  [WebhookRules, { queue: QueueRules }],
]);
