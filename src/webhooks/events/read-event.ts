import { isJsonObject, numberOf, objectOf, textOf, type JsonObject } from '../../core/values/json.js';
import { frozenWithOwnDates } from '../../core/values/own-dates.js';
import { isDeeperThan } from '../../core/values/json-depth.js';
import { WixCredentialsMalformedError, WixEventTooDeepError } from '../../core/wix-auth.errors.js';
import { instanceIdFromWix } from '../../core/identities/wix-instance-id.js';
import { deepFrozen } from '../../core/values/deep-frozen.js';
import { either, nested, parsed } from '../envelopes/wire-event.js';
import type { WixDomainEvent, WixEventAccount, WixEventIdentity } from './wix-event.js';

/**
 * The event in the claims of a verified webhook. Every level may be JSON in a string or an object
 * (https://dev.wix.com/docs/api-reference/articles/work-with-wix-apis/platform/about-the-structure-of-webhooks).
 *
 * @throws {@link WixCredentialsMalformedError} when it names no event type or no instance.
 * @throws {@link WixEventTooDeepError} when what it carries is nested deeper than `maxDepth`.
 */
export function readEvent(claims: JsonObject, maxDepth: number): WixDomainEvent {
  const envelope = nested(claims['data']);
  const type = textOf(envelope, 'eventType');
  const instanceId = textOf(envelope, 'instanceId');
  if (type === undefined || instanceId === undefined) {
    throw new WixCredentialsMalformedError('The webhook is signed by Wix, but has no eventType or no instanceId.');
  }
  const content = contentOf(envelope['data']);
  refuseTooDeep(claims, content, maxDepth);
  return frozenWithOwnDates({
    type,
    instanceId: instanceIdFromWix(instanceId),
    issuedAt: new Date((numberOf(claims, 'iat') ?? 0) * 1_000),
    ...deepFrozen(given({ identity: identityIn(envelope), accountInfo: accountIn(envelope) })),
    ...deepFrozen(content),
  });
}

// Claims, data, data again, what happened, and the entity.
const ENVELOPE_LEVELS = 5;

// Before anything walks it by calling itself, such as JSON.stringify or a handler.
function refuseTooDeep(claims: JsonObject, { entity, data, modifiedFields }: Content, maxDepth: number): void {
  const isTooDeep =
    isDeeperThan(maxDepth, entity, data, modifiedFields) || isDeeperThan(maxDepth + ENVELOPE_LEVELS, claims);
  if (!isTooDeep) return;
  throw new WixEventTooDeepError(`The event is nested deeper than ${String(maxDepth)} levels (webhooks.maxDepth).`);
}

type Content = Partial<WixDomainEvent>;

function contentOf(data: unknown): Content {
  const content = nested(data);
  return isDomainEvent(content) ? domainContent(content) : { data: parsed(data) ?? {} };
}

const isDomainEvent = (content: JsonObject): boolean =>
  textOf(content, 'id') !== undefined && textOf(content, 'entityFqdn') !== undefined;

function domainContent(content: JsonObject): Content {
  return given({
    id: textOf(content, 'id'),
    entityFqdn: textOf(content, 'entityFqdn'),
    entityId: textOf(content, 'entityId'),
    slug: textOf(content, 'slug'),
    eventTime: dateOf(content, 'eventTime'),
    sequence: numberOf(content, 'entityEventSequence'),
    originatedFrom: textOf(content, 'originatedFrom'),
    triggeredByAnonymizeRequest: content['triggeredByAnonymizeRequest'] === true,
    ...whatHappened(content),
  });
}

function whatHappened(content: JsonObject): Content {
  if (isJsonObject(content['createdEvent'])) return { entity: either(content['createdEvent'], 'entity') };
  if (isJsonObject(content['deletedEvent'])) return { entity: either(content['deletedEvent'], 'deletedEntity') };
  if (isJsonObject(content['actionEvent'])) return { data: either(content['actionEvent'], 'body') };
  const updated = objectOf(content, 'updatedEvent');
  const modifiedFields = updated['modifiedFields'];
  return {
    entity: either(updated, 'currentEntity'),
    ...(isJsonObject(modifiedFields) && { modifiedFields }),
  };
}

function identityIn(envelope: JsonObject): WixEventIdentity | undefined {
  const identity = nested(envelope['identity']);
  switch (textOf(identity, 'identityType')) {
    case undefined:
      return undefined;
    case 'APP':
      return { type: 'app', ...given({ appId: textOf(identity, 'appId') }) };
    case 'WIX_USER':
      return { type: 'user', ...given({ userId: textOf(identity, 'wixUserId') }) };
    case 'MEMBER':
      return { type: 'member', ...given({ memberId: textOf(identity, 'memberId') }) };
    case 'ANONYMOUS_VISITOR':
      return { type: 'visitor', ...given({ visitorId: textOf(identity, 'anonymousVisitorId') }) };
    default:
      return { type: 'unknown' };
  }
}

function accountIn(envelope: JsonObject): WixEventAccount | undefined {
  const account = nested(envelope['accountInfo']);
  return Object.keys(account).length === 0
    ? undefined
    : given({
        accountId: textOf(account, 'accountId'),
        parentAccountId: textOf(account, 'parentAccountId'),
        siteId: textOf(account, 'siteId'),
      });
}

function dateOf(object: JsonObject, key: string): Date | undefined {
  const ms = Date.parse(textOf(object, key) ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms);
}

type Given<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Without members that are `undefined`, so that `in` and JSON show what Wix sent. */
function given<Value extends object>(value: Value): Given<Value> {
  const present: Given<Value> = {};
  for (const name of Object.keys(value) as (keyof Value)[]) {
    const member = value[name];
    if (member !== undefined) present[name] = member as Exclude<Value[keyof Value], undefined>;
  }
  return present;
}
