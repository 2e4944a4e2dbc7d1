import type { JsonObject } from '../../core/values/json.js';
import type { WixInstanceId } from '../../core/identities/wix-instance-id.js';
import type { WixLifecycleData, WixLifecycleEventType } from './lifecycle-events.js';

/** Who caused an event, as far as Wix tells. */
export interface WixEventIdentity {
  /** What kind of caller it was. */
  readonly type: 'app' | 'user' | 'member' | 'visitor' | 'unknown';
  /** Of an `app`: its id. */
  readonly appId?: string;
  /** Of a `user`: their id. */
  readonly userId?: string;
  /** Of a `member`: their id. */
  readonly memberId?: string;
  /** Of a `visitor`: their id. */
  readonly visitorId?: string;
}

/** The account and site an event belongs to. */
export interface WixEventAccount {
  /** The account the site belongs to. */
  readonly accountId?: string;
  /** The account above that one. */
  readonly parentAccountId?: string;
  /** The site. */
  readonly siteId?: string;
}

interface WixEventBase<Type extends string> {
  /** The event's type, such as `AppInstalled` or `wix.contacts.v4.contact_created`. */
  readonly type: Type;
  /** The installation it happened on. */
  readonly instanceId: WixInstanceId;
  /** When Wix signed the event; a resend may carry the first date. */
  readonly issuedAt: Date;
  /** Who caused it. */
  readonly identity?: WixEventIdentity;
  /** The account and site it happened on. */
  readonly accountInfo?: WixEventAccount;
}

/** An event of the app's own life on a site. Such events have no id. */
export interface WixLifecycleEvent<
  Type extends WixLifecycleEventType = WixLifecycleEventType,
> extends WixEventBase<Type> {
  /** What comes with it. */
  readonly data: WixLifecycleData[Type];
}

/**
 * What an entity in REST shape may be. The types of `@wix/*` packages (with `_id` and `Date`s) are not: events named by
 * their type carry `id` and ISO dates. To get the packages' shape, use `@OnWixEvent(contacts.onContactCreated)`.
 */
export type WixRestEntity<Entity> =
  | { readonly [Key in keyof Entity]: Key extends '_id' ? 'REST has no _id: use @OnWixEvent(definition)' : unknown }
  | null
  | undefined;

// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- what `unknown` is, which no constraint takes
type Anything = NonNullable<unknown> | null | undefined;

/** Something that happened to an entity on a site, or an event of a kind this library does not know. */
export interface WixDomainEvent<
  Type extends string = string,
  Entity extends WixRestEntity<Entity> = Anything,
> extends WixEventBase<Type> {
  /** The event's id: the same in every resend. */
  readonly id?: string;
  /** The kind of entity, such as `wix.contacts.v4.contact`. */
  readonly entityFqdn?: string;
  /** The entity it happened to. */
  readonly entityId?: string;
  /** What happened: `created`, `updated`, `deleted`, or a name of its own. */
  readonly slug?: string;
  /** When it happened. Events may arrive in another order. */
  readonly eventTime?: Date;
  /** The order of events of one entity. */
  readonly sequence?: number;
  /** The entity as it was then: created, updated or, where Wix sends it, deleted. */
  readonly entity?: Entity;
  /** What an update changed, where Wix tells. */
  readonly modifiedFields?: JsonObject;
  /** What an event without entity carries. */
  readonly data?: unknown;
  /** What caused it, where Wix tells: such as `merge`, when a contact was deleted because it was merged. */
  readonly originatedFrom?: string;
  /** Whether a request to erase personal data caused it. */
  readonly triggeredByAnonymizeRequest?: boolean;
}

/**
 * An event Wix sent and signed, deeply frozen and in REST shape. Name its type to get its shape:
 * `WixEvent<'AppInstalled'>`, `WixEvent<'wix.contacts.v4.contact_created', { readonly id: string }>`. An entity's type is
 * yours, as Wix's REST documentation shows it; types of the `@wix/*` packages do not fit.
 */
export type WixEvent<
  Type extends string = string,
  Entity extends WixRestEntity<Entity> = Anything,
> = Type extends WixLifecycleEventType ? WixLifecycleEvent<Type> : WixDomainEvent<Type, Entity>;
