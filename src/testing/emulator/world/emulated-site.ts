import { randomUUID } from 'node:crypto';

import { EmulatedMember, EmulatedUser, EmulatedVisitor, type EmulatedUserOptions } from './emulated-people.js';

/** Which of Wix's two catalogs of products a site has. They are not compatible. */
export type CatalogVersion = 'V1' | 'V3';

/** A product in a site's store. Fields beyond these are kept as they were sent. */
export interface EmulatedProduct {
  /** The product's id. */
  readonly id: string;
  /** What the product is called. */
  readonly name: string;
  /** Whether visitors may see it. */
  readonly visible: boolean;
  readonly [field: string]: unknown;
}

/** A product on its way into a store. */
export interface NewEmulatedProduct {
  /** The product's id. @default a new GUID */
  readonly id?: string | undefined;
  /** What the product is called. */
  readonly name: string;
  /** Whether visitors may see it. @default true */
  readonly visible?: boolean | undefined;
  readonly [field: string]: unknown;
}

/** A contact of a site, as Wix's Contacts API (V4) shows it. */
export interface EmulatedContact {
  /** The contact's id. */
  readonly id: string;
  /** Counts the changes; an update names the one it is based on. */
  readonly revision: number;
  /** Name, addresses and so on, as they were sent. */
  readonly info: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** A contact on its way to a site. */
export interface NewEmulatedContact {
  /** The contact's id. @default a new GUID */
  readonly id?: string | undefined;
  /** @default 0 */
  readonly revision?: number | undefined;
  /** Name, addresses and so on, such as `{ name: { first: 'Ada' } }`. */
  readonly info: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

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

  /** Everyone but the owner who may manage the site. */
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

  /** Takes a collaborator's access away. Their tokens stay valid and are allowed nothing. */
  removeUser(user: EmulatedUser): void {
    this.#collaborators.delete(user);
    user.roles = [];
    user.permissions = [];
  }

  /** Signs up a member of the site. */
  addMember(options: { readonly memberId?: string; readonly visitorId?: string } = {}): EmulatedMember {
    return new EmulatedMember(this, options.memberId, options.visitorId);
  }

  /** Somebody opens the site. */
  addVisitor(options: { readonly visitorId?: string } = {}): EmulatedVisitor {
    return new EmulatedVisitor(this, options.visitorId);
  }

  /** Puts a product into the store, or replaces the one with the same id. Visible unless `visible` says otherwise. */
  addProduct(product: NewEmulatedProduct): EmulatedProduct {
    const stored = { ...product, id: product.id ?? randomUUID(), visible: product.visible ?? true };
    this.#products.set(stored.id, stored);
    return stored;
  }

  /** Takes a product out of the store. Says whether it was there. */
  removeProduct(id: string): boolean {
    return this.#products.delete(id);
  }

  /** Adds a contact, or replaces the one with the same id. */
  addContact(contact: NewEmulatedContact): EmulatedContact {
    const stored = { ...contact, id: contact.id ?? randomUUID(), revision: contact.revision ?? 0 };
    this.#contacts.set(stored.id, stored);
    return stored;
  }

  /** Deletes a contact. Says whether it was there. */
  removeContact(id: string): boolean {
    return this.#contacts.delete(id);
  }
}
