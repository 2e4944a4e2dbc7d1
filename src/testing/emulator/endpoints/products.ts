import type { Platform } from '../platform.js';
import { jsonAnswer, Refused, validationError, wixError } from '../wire/answer.js';
import { fieldsOf, isObject } from '../wire/request-body.js';
import type { EmulatedProduct, EmulatedSite, NewEmulatedProduct } from '../world/emulated-site.js';
import type { Need } from '../world/scope-table.js';
import { authorize, authorizeReading } from './authorization.js';
import type { Call, Endpoint } from './endpoint.js';

const READ: Need = { scope: 'SCOPE.DC-STORES.READ-PRODUCTS', permissionId: 'WIX_STORES.READ_PRODUCTS' };
const MANAGE: Need = { scope: 'SCOPE.DC-STORES.MANAGE-PRODUCTS', permissionId: 'WIX_STORES.MODIFY_PRODUCTS' };

/** The products of a site's store: a resource whose permissions Wix enforces. */
export const productEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/stores/v1/products', handle: listProducts },
  { method: 'POST', path: '/stores/v1/products/query', handle: listProducts },
  { method: 'POST', path: '/stores/v1/products', handle: createProduct },
  { method: 'GET', path: '/stores/v1/products/:id', handle: getProduct },
  { method: 'PATCH', path: '/stores/v1/products/:id', handle: updateProduct },
  { method: 'DELETE', path: '/stores/v1/products/:id', handle: deleteProduct },
];

function listProducts(call: Call) {
  const found = readableProducts(call);
  const { offset = 0, limit = 100 } = pagingOf(call);
  const products = found.slice(offset, offset + limit);
  return jsonAnswer(200, { products, metadata: { items: products.length, offset }, totalResults: found.length });
}

function getProduct(call: Call) {
  return jsonAnswer(200, { product: productIn(readableProducts(call), call) });
}

function createProduct(call: Call) {
  const site = writableStore(call);
  const now = timeOf(call.platform);
  const product = { ...sentProduct(call), id: undefined, createdDate: now, lastUpdated: now };
  return jsonAnswer(200, { product: site.addProduct(storable(product)) });
}

function updateProduct(call: Call) {
  const site = writableStore(call);
  const former = productIn(site.products, call);
  const product = { ...former, ...sentProduct(call), id: former.id, lastUpdated: timeOf(call.platform) };
  return jsonAnswer(200, { product: site.addProduct(storable(product)) });
}

function deleteProduct(call: Call) {
  const site = writableStore(call);
  site.removeProduct(productIn(site.products, call).id);
  return jsonAnswer(200, {});
}

function readableProducts(call: Call): readonly EmulatedProduct[] {
  const { install, publishedOnly } = authorizeReading(call, READ);
  const { products } = storeOf(install.site);
  return publishedOnly ? products.filter(({ visible }) => visible) : products;
}

const writableStore = (call: Call): EmulatedSite => storeOf(authorize(call, MANAGE).install.site);

function storeOf(site: EmulatedSite): EmulatedSite {
  if (site.installedWixApps.includes('stores')) return site;
  throw new Refused(wixError(428, 'REQUIRED_APP_NOT_INSTALLED', 'Wix Stores is not installed on the site'));
}

function productIn(products: readonly EmulatedProduct[], { params }: Call): EmulatedProduct {
  const product = products.find(({ id }) => id === params['id']);
  if (!product) throw new Refused(wixError(404, 'PRODUCT_NOT_FOUND', `Product ${params['id'] ?? ''} not found`));
  return product;
}

function sentProduct({ request }: Call): Readonly<Record<string, unknown>> {
  const { product } = fieldsOf(request.body);
  if (!isObject(product)) throw new Refused(validationError('product', 'must not be empty'));
  return product;
}

function pagingOf({ request }: Call): { offset?: number; limit?: number } {
  const { offset, limit } = fieldsOf(fieldsOf(fieldsOf(request.body)['query'])['paging']);
  return {
    ...(typeof offset === 'number' ? { offset } : {}),
    ...(typeof limit === 'number' ? { limit } : {}),
  };
}

function storable(fields: { readonly id: string | undefined; readonly [field: string]: unknown }): NewEmulatedProduct {
  const { name, visible } = fields as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') throw new Refused(validationError('product.name', 'must not be empty'));
  return { ...fields, name, visible: visible !== false };
}

const timeOf = (platform: Platform): string => new Date(platform.now()).toISOString();
