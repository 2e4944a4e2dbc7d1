import { Refused, validationError, wixError } from '../../wire/answer.js';
import { fieldsOf, isObject } from '../../wire/request-body.js';
import type { EmulatedSite } from '../../world/emulated-site.js';
import type { CatalogVersion, EmulatedProduct } from '../../world/site-contents.js';
import type { Need } from '../../world/scope-table.js';
import { authorize, authorizeReading } from '../authorization.js';
import type { Call } from '../endpoint.js';

/** The products the caller may see, in a store of that catalog version. */
export function readableProducts(call: Call, need: Need, version: CatalogVersion): readonly EmulatedProduct[] {
  const { install, publishedOnly } = authorizeReading(call, need);
  const { products } = storeOf(install.site, version);
  return publishedOnly ? products.filter(({ visible }) => visible) : products;
}

/** The site whose store the caller may change. */
export const writableStore = (call: Call, need: Need, version: CatalogVersion): EmulatedSite =>
  storeOf(authorize(call, need).install.site, version);

/** The product with the id in the path. */
export function productIn(products: readonly EmulatedProduct[], { params }: Call): EmulatedProduct {
  const product = products.find(({ id }) => id === params['id']);
  if (!product) throw new Refused(wixError(404, 'PRODUCT_NOT_FOUND', `Product ${params['id'] ?? ''} not found`));
  return product;
}

/** `product` of the body. */
export function sentProduct({ request }: Call): Readonly<Record<string, unknown>> {
  const { product } = fieldsOf(request.body);
  if (!isObject(product)) throw new Refused(validationError('product', 'must not be empty'));
  return product;
}

/** A field that must be text and not empty. */
export function requiredText(product: Readonly<Record<string, unknown>>, field: string): string {
  const value = product[field];
  if (typeof value !== 'string' || value === '') {
    throw new Refused(validationError(`product.${field}`, 'must not be empty'));
  }
  return value;
}

/** The moment of a call, as Wix writes it. */
export const timeOf = ({ platform }: Call): string => new Date(platform.now()).toISOString();

function storeOf(site: EmulatedSite, version: CatalogVersion): EmulatedSite {
  if (!site.installedWixApps.includes('stores')) {
    throw new Refused(wixError(428, 'REQUIRED_APP_NOT_INSTALLED', 'Wix Stores is not installed on the site'));
  }
  if (site.catalogVersion !== version) throw otherVersion(version);
  return site;
}

// The two codes differ in form; both were observed.
function otherVersion(called: CatalogVersion): Refused {
  const code = called === 'V1' ? 'CATALOG_V3_CALLING_CATALOG_V1_API' : 'CATALOG_V1_SITE_CALLING_CATALOG_V3_API';
  const site = called === 'V1' ? 'V3' : 'V1';
  const message = `Endpoint belongs to CATALOG_${called}, but your site is using CATALOG_${site}`;
  return new Refused(wixError(428, code, message, `Set the site's catalogVersion to '${called}' to change that.`));
}
