import { randomUUID } from 'node:crypto';

import { OWNER_ROLE_ID } from '../variants.js';
import type {
  CatalogVersion,
  EmulatedContact,
  EmulatedProduct,
  NewEmulatedContact,
  NewEmulatedProduct,
} from './site-contents.js';

/** What a site of the emulated platform may be made with. */
export interface EmulatedSiteOptions {
  /** The site's id. @default a new GUID */
  readonly siteId?: string | undefined;
  /** The owner's Wix user id. @default a new GUID */
  readonly ownerId?: string | undefined;
  /** The owner's address. @default 'owner@example.com' */
  readonly ownerEmail?: string | undefined;
  /** The site's display name. @default 'Emulated site' */
  readonly name?: string | undefined;
  /** The site's address. @default made up from the site id */
  readonly url?: string | undefined;
  /** The site's language. @default 'en' */
  readonly locale?: string | undefined;
  /**
   * Wix's own apps on the site. Without `stores` the product endpoints answer 428.
   *
   * @default ['stores']
   */
  readonly installedWixApps?: readonly string[] | undefined;
  /**
   * Which catalog the store has; calls of the other one are answered 428. New sites of Wix have V3.
   *
   * @default 'V3'
   */
  readonly catalogVersion?: CatalogVersion | undefined;
}

/** A site, with the people around it. Made by `wix.addSite()`. */
export class EmulatedSite {
  /** The site's id (`metaSiteId` in tokens). */
  readonly siteId: string;
  /** The site's display name. */
  readonly name: string;
  /** The site's address. */
  readonly url: string;
  /** The site's language. */
  readonly locale: string;
  /** The Wix user who owns the site. */
  readonly owner: EmulatedUser;
  /** Wix's own apps on the site; may be replaced at any time. */
  installedWixApps: readonly string[];
  /** Which catalog the store has; may be replaced at any time, as Wix moves sites from V1 to V3. */
  catalogVersion: CatalogVersion;
  readonly #collaborators = new Set<EmulatedUser>();
  readonly #products = new Map<string, EmulatedProduct>();
  readonly #contacts = new Map<string, EmulatedContact>();

  constructor(options: EmulatedSiteOptions = {}) {
    this.siteId = options.siteId ?? randomUUID();
    this.name = options.name ?? 'Emulated site';
    this.url = options.url ?? `https://${this.siteId}.example.com`;
    this.locale = options.locale ?? 'en';
    this.installedWixApps = options.installedWixApps ?? ['stores'];
    this.catalogVersion = options.catalogVersion ?? 'V3';
    this.owner = new EmulatedUser(this, {
      userId: options.ownerId,
      name: 'Site owner',
      email: options.ownerEmail ?? 'owner@example.com',
      isOwner: true,
    });
  }

  /** The collaborators: all who may manage the site, except the owner. */
  get collaborators(): readonly EmulatedUser[] {
    return [...this.#collaborators];
  }

  /** The products in the site's store. */
  get products(): readonly EmulatedProduct[] {
    return [...this.#products.values()];
  }

  /** The contacts of the site. */
  get contacts(): readonly EmulatedContact[] {
    return [...this.#contacts.values()];
  }

  /** Invites a collaborator. Without `permissions`, Wix lets them do nothing. */
  addUser(options: EmulatedUserOptions = {}): EmulatedUser {
    const user = new EmulatedUser(this, options);
    this.#collaborators.add(user);
    return user;
  }

  /** Removes a collaborator's access. Their tokens stay valid and permit nothing. */
  removeUser(user: EmulatedUser): void {
    this.#collaborators.delete(user);
    user.roles = [];
    user.permissions = [];
  }

  /** Signs up a member of the site. */
  addMember(options: { readonly memberId?: string; readonly visitorId?: string } = {}): EmulatedMember {
    return new EmulatedMember(this, options.memberId, options.visitorId);
  }

  /** A visitor opens the site. */
  addVisitor(options: { readonly visitorId?: string } = {}): EmulatedVisitor {
    return new EmulatedVisitor(this, options.visitorId);
  }

  /** Adds a product to the store, or replaces the one with the same id. Visible unless `visible` says otherwise. */
  addProduct(product: NewEmulatedProduct): EmulatedProduct {
    const stored = { ...product, id: product.id ?? randomUUID(), visible: product.visible ?? true };
    this.#products.set(stored.id, stored);
    return stored;
  }

  /** Removes a product from the store. Returns whether it was there. */
  removeProduct(id: string): boolean {
    return this.#products.delete(id);
  }

  /** Adds a contact, or replaces the one with the same id. */
  addContact(contact: NewEmulatedContact): EmulatedContact {
    const stored = { ...contact, id: contact.id ?? randomUUID(), revision: contact.revision ?? 0 };
    this.#contacts.set(stored.id, stored);
    return stored;
  }

  /** Deletes a contact. Returns whether it was there. */
  removeContact(id: string): boolean {
    return this.#contacts.delete(id);
  }
}

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
  /** Whether the user owns the site. Wix lets the owner do all that the app may do. */
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

/** A person logged in to the site itself. Made by `site.addMember()`. */
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
  /** The site the visitor is on. */
  readonly site: EmulatedSite;

  constructor(site: EmulatedSite, visitorId: string = randomUUID()) {
    this.site = site;
    this.visitorId = visitorId;
  }
}
