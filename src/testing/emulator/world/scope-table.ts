/** What scopes contain: for each scope id, other scope ids and permission ids. */
export type ScopeContents = Readonly<Record<string, readonly string[]>>;

/**
 * What the emulator knows of scopes by itself: written from Wix's documentation of the methods it has. Ids of write
 * permissions and of the contributors' permission are guesses: Wix's public texts do not name them.
 */
export const documentedContents: ScopeContents = {
  'SCOPE.DC-STORES-MEGA.MANAGE-STORES': [
    'SCOPE.DC-STORES-MEGA.READ-STORES',
    'SCOPE.DC-STORES.MANAGE-ORDERS',
    'SCOPE.DC-STORES.MANAGE-PRODUCTS',
  ],
  'SCOPE.DC-STORES-MEGA.READ-STORES': ['SCOPE.DC-STORES.READ-ORDERS', 'SCOPE.DC-STORES.READ-PRODUCTS'],
  'SCOPE.DC-STORES.MANAGE-PRODUCTS': [
    'SCOPE.DC-STORES.READ-PRODUCTS',
    'WIX_STORES.MODIFY_PRODUCTS',
    'WIX_STORES.PRODUCT_CREATE',
    'WIX_STORES.PRODUCT_DELETE',
    'WIX_STORES.PRODUCT_UPDATE',
    'WIX_STORES.READ_INVENTORY',
    'WIX_STORES.STORES_LOCATION_READ',
  ],
  'SCOPE.DC-STORES.READ-PRODUCTS': [
    'CATEGORIES.CATEGORY_READ',
    'WIX_STORES.BRAND_READ',
    'WIX_STORES.CUSTOMIZATION_READ',
    'WIX_STORES.INFO_SECTION_READ',
    'WIX_STORES.INVENTORY_READ',
    'WIX_STORES.PRODUCT_READ',
    'WIX_STORES.READ_INVENTORY',
    'WIX_STORES.READ_PRODUCTS',
    'WIX_STORES.RIBBON_READ',
    'stores:catalog:v3:promotion:read_events',
  ],
  'SCOPE.STORES.PRODUCT_READ': ['WIX_STORES.PRODUCT_READ'],
  'SCOPE.STORES.PRODUCT_WRITE': ['WIX_STORES.PRODUCT_CREATE', 'WIX_STORES.PRODUCT_DELETE', 'WIX_STORES.PRODUCT_UPDATE'],
  'SCOPE.STORES.CATALOG_READ_LIMITED': ['WIX_STORES.CATALOG_VERSION_READ', 'WIX_STORES.PRODUCT_READ'],
  'SCOPE.DC-CONTACTS.READ-CONTACTS': ['CONTACTS.VIEW'],
  'SCOPE.DC-CONTACTS.MANAGE-CONTACTS': ['SCOPE.DC-CONTACTS.READ-CONTACTS', 'CONTACTS.MODIFY'],
  'SCOPE.DC-STORES.MANAGE-ORDERS': ['SCOPE.DC-STORES.READ-ORDERS', 'ECOM.MODIFY_ORDERS'],
  'SCOPE.DC-STORES.READ-ORDERS': [
    'ECOM.ABANDONED_CHECKOUT_READ',
    'ECOM.READ_CARTS',
    'ECOM.READ_CHECKOUTS',
    'ECOM.READ_CHECKOUT_SETTINGS',
    'ECOM.READ_FULFILLMENTS',
    'ECOM.READ_ORDERS',
    'ECOM.READ_ORDERS_SETTINGS',
    'ECOM.READ_TRANSACTIONS',
    'WIX_STORES.READ_ABANDONED_CARTS',
  ],
  'SCOPE.DC-IDENTITY.MANAGE-CONTRIBUTORS': ['IDENTITY.MANAGE_CONTRIBUTORS'],
  'SCOPE.DC.MANAGE-YOUR-APP': ['SITE_SETTINGS.VIEW', 'WIX_DEVELOPERS.MANAGE_APP_INSTANCE'],
  'SCOPE.DEV_CENTER.APP-INSTANCE-READ-BASIC-INFO': ['WIX_DEVELOPERS.MANAGE_APP_INSTANCE'],
};

/** What a call needs: one scope, or the permission id that scope contains. */
export interface Need {
  readonly scope: string;
  readonly permissionId: string;
}

/** Knows which scopes contain which others, for this emulator. */
export class ScopeTable {
  readonly #contents: ScopeContents;

  constructor(additional: ScopeContents = {}) {
    this.#contents = { ...documentedContents, ...additional };
  }

  /** The scopes and permission ids in a scope, as far as known. */
  contentsOf(scope: string): readonly string[] {
    return Object.hasOwn(this.#contents, scope) ? (this.#contents[scope] ?? []) : [];
  }

  /** Whether these grants, with all they contain, cover the need. */
  covers(grants: readonly string[], need: Need): boolean {
    const held = this.#expand(grants);
    return held.has(need.scope) || held.has(need.permissionId);
  }

  /** The permission id behind a scope that has exactly one, else the scope itself. */
  needOf(scope: string): Need {
    const [permissionId = scope, ...more] = this.#contents[scope] ?? [];
    return { scope, permissionId: more.length === 0 ? permissionId : scope };
  }

  /** The permission ids in these grants; a scope of unknown contents is listed itself. */
  permissionIds(grants: readonly string[]): string[] {
    return [...this.#expand(grants)].filter((id) => !Object.hasOwn(this.#contents, id));
  }

  /** These grants with everything they contain. */
  expanded(grants: readonly string[]): ReadonlySet<string> {
    return this.#expand(grants);
  }

  #expand(grants: readonly string[]): Set<string> {
    const held = new Set<string>();
    const add = (id: string): void => {
      if (held.has(id)) return;
      held.add(id);
      if (Object.hasOwn(this.#contents, id)) this.#contents[id]?.forEach(add);
    };
    grants.forEach(add);
    return held;
  }
}
