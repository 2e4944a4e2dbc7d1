import { randomUUID } from 'node:crypto';

import { OWNER_ROLE_ID } from '../variants.js';
import type { EmulatedSite } from './emulated-site.js';

/** What a collaborator of a site may be made with. */
export interface EmulatedUserOptions {
  /** The Wix user's id. @default a new GUID */
  readonly userId?: string | undefined;
  /** The user's display name. @default 'Emulated user' */
  readonly name?: string | undefined;
  /** The user's address. @default made up from the user id */
  readonly email?: string | undefined;
  /**
   * Wix role ids, shown by Query Site Contributors. What a role allows is not published by Wix, so here it is only
   * what `permissions` says.
   *
   * @default none
   */
  readonly roles?: readonly string[] | undefined;
  /**
   * What Wix itself lets this user do: scope ids or permission ids. A call with the user's token needs them both here
   * and among the app's grants.
   *
   * @default none
   */
  readonly permissions?: readonly string[] | undefined;
  /**
   * The business locations the roles are limited to.
   *
   * @default not limited
   */
  readonly locationIds?: readonly string[] | undefined;
}

/** A Wix user who owns or helps to manage a site. Made by `site.addUser()`; the owner is `site.owner`. */
export class EmulatedUser {
  /** The Wix user's id: `subjectId` in token-info, `id` among the contributors. */
  readonly userId: string;
  /** The id of the user's Wix account, which is not the user's id. */
  readonly accountId: string = randomUUID();
  /** The site this user works on. The same person on another site is another object with the same `userId`. */
  readonly site: EmulatedSite;
  /** Whether the user owns the site. Wix lets the owner do whatever the app may do. */
  readonly isOwner: boolean;
  /** The user's display name. */
  readonly name: string;
  /** The user's address. */
  readonly email: string;
  /** Wix role ids; may be replaced at any time. */
  roles: readonly string[];
  /** Scope or permission ids Wix itself enforces for this user; may be replaced at any time. */
  permissions: readonly string[];
  /** The locations the roles are limited to, if any; may be replaced at any time. */
  locationIds: readonly string[] | undefined;

  constructor(site: EmulatedSite, options: EmulatedUserOptions & { readonly isOwner?: boolean } = {}) {
    this.site = site;
    this.isOwner = options.isOwner ?? false;
    this.userId = options.userId ?? randomUUID();
    this.name = options.name ?? 'Emulated user';
    this.email = options.email ?? `${this.userId}@example.com`;
    this.roles = options.roles ?? (this.isOwner ? [OWNER_ROLE_ID] : []);
    this.permissions = options.permissions ?? [];
    this.locationIds = options.locationIds;
  }
}

/** Somebody logged in to the site itself. Made by `site.addMember()`. */
export class EmulatedMember {
  /** The site member's id. */
  readonly memberId: string;
  /** The visitor id the member had before logging in. */
  readonly visitorId: string;
  /** The site the member belongs to. */
  readonly site: EmulatedSite;

  constructor(site: EmulatedSite, memberId: string = randomUUID(), visitorId: string = randomUUID()) {
    this.site = site;
    this.memberId = memberId;
    this.visitorId = visitorId;
  }
}

/** A visitor of the site who is not logged in. Made by `site.addVisitor()`. */
export class EmulatedVisitor {
  /** The anonymous visitor's id. */
  readonly visitorId: string;
  /** The site the visitor looks at. */
  readonly site: EmulatedSite;

  constructor(site: EmulatedSite, visitorId: string = randomUUID()) {
    this.site = site;
    this.visitorId = visitorId;
  }
}
