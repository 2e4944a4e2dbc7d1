import { randomUUID } from 'node:crypto';

import type { EmulatedInstall } from '../world/emulated-install.js';
import type { Claims } from './signed-token.js';

/** Who caused an event, in Wix's own words. */
export type EmulatedEventIdentity =
  | { readonly identityType: 'ANONYMOUS_VISITOR'; readonly anonymousVisitorId: string }
  | { readonly identityType: 'MEMBER'; readonly memberId: string }
  | { readonly identityType: 'WIX_USER'; readonly wixUserId: string }
  | { readonly identityType: 'APP'; readonly appId: string };

/** An event to send: its type, and what Wix puts into the innermost `data`. */
export interface EmulatedEvent {
  /** Such as `AppInstalled` or `wix.contacts.v4.contact_created`. */
  readonly type: string;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** @default none */
  readonly identity?: EmulatedEventIdentity | undefined;
}

/** What a domain event says about its entity. */
export interface EmulatedDomainEvent {
  /** The kind of entity, such as `wix.contacts.v4.contact`. */
  readonly fqdn: string;
  /** `created`, `updated`, `deleted`, or the name of an action. */
  readonly slug: string;
  /** The entity, or the body of an action. */
  readonly entity?: unknown;
  /** @default a new GUID */
  readonly entityId?: string | undefined;
  /** The event's id. @default a new GUID */
  readonly id?: string | undefined;
  /** What an update changed. @default none */
  readonly modifiedFields?: Readonly<Record<string, unknown>> | undefined;
  /** Where it stands among the events of its entity. @default 1 */
  readonly sequence?: number | undefined;
  /** @default now */
  readonly eventTime?: Date | undefined;
  /** @default none */
  readonly identity?: EmulatedEventIdentity | undefined;
}

/** A domain event in Wix's words. */
export function domainEvent(event: EmulatedDomainEvent): EmulatedEvent {
  const { fqdn, slug, identity } = event;
  const data = {
    id: event.id ?? randomUUID(),
    entityFqdn: fqdn,
    slug,
    entityId: event.entityId ?? randomUUID(),
    ...happening(event),
    eventTime: (event.eventTime ?? new Date()).toISOString(),
    triggeredByAnonymizeRequest: false,
    entityEventSequence: String(event.sequence ?? 1),
  };
  return { type: `${fqdn}_${slug}`, data, identity };
}

function happening({ slug, entity, modifiedFields }: EmulatedDomainEvent): object {
  switch (slug) {
    case 'created':
      return { createdEvent: { entity } };
    case 'updated':
      return { updatedEvent: { currentEntity: entity, ...(modifiedFields && { modifiedFields }) } };
    case 'deleted':
      return { deletedEvent: { deletedEntity: entity } };
    default:
      return { actionEvent: { body: entity } };
  }
}

/** How webhooks nest JSON: in `strings` at every level, as Wix does, or as `objects`, as its documentation shows. */
export type EventNesting = 'strings' | 'objects';

/** The claims of a webhook. */
export function webhookClaims(
  install: EmulatedInstall,
  event: EmulatedEvent,
  nesting: EventNesting,
  iat: number,
): Claims {
  const nest = (value: unknown): unknown => (nesting === 'strings' ? JSON.stringify(value) : value);
  const envelope = {
    data: nest(event.data ?? lifecycleData(install, event.type)),
    instanceId: install.instanceId,
    eventType: event.type,
    ...(event.identity && { identity: nest(event.identity) }),
    accountInfo: { siteId: install.site.siteId },
  };
  // How far ahead Wix sets `exp` is not documented; an hour is too short for its own resends.
  return { data: nest(envelope), iat, exp: iat + 4 * 24 * 3_600 };
}

const lifecycleData = ({ app, originInstanceId }: EmulatedInstall, type: string): object => ({
  appId: app.appId,
  ...(type === 'AppInstalled' && originInstanceId !== undefined && { originInstanceId }),
});
