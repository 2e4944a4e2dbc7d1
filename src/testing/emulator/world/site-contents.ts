/** Which of Wix's two catalogs of products a site has. They are not compatible. */
export type CatalogVersion = 'V1' | 'V3';

/** A product in a site's store. Other fields are stored as they were sent. */
export interface EmulatedProduct {
  /** The product's id. */
  readonly id: string;
  /** What the product is called. */
  readonly name: string;
  /** Whether visitors may see it. */
  readonly visible: boolean;
  readonly [field: string]: unknown;
}

/** A product to add to a store. */
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

/** A contact to add to a site. */
export interface NewEmulatedContact {
  /** The contact's id. @default a new GUID */
  readonly id?: string | undefined;
  /** @default 0 */
  readonly revision?: number | undefined;
  /** Name, addresses and so on, such as `{ name: { first: 'Ada' } }`. */
  readonly info: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}
