import { jsonAnswer } from '../../wire/answer.js';
import type { Need } from '../../world/scope-table.js';
import type { Call, Endpoint } from '../endpoint.js';
import { productIn, readableProducts, requiredText, sentProduct, timeOf, writableStore } from './store.js';
import { found, offsetQuery, sentQuery } from '../entity-query.js';

const READ: Need = { scope: 'SCOPE.DC-STORES.READ-PRODUCTS', permissionId: 'WIX_STORES.READ_PRODUCTS' };
const MANAGE: Need = { scope: 'SCOPE.DC-STORES.MANAGE-PRODUCTS', permissionId: 'WIX_STORES.MODIFY_PRODUCTS' };

/** Products of Catalog V1, which older sites have. Read and written at two addresses, as at Wix. */
export const catalogV1Endpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/stores-reader/v1/products/query', handle: queryProducts },
  // An older name of the same, still in use.
  { method: 'POST', path: '/stores/v1/products/query', handle: queryProducts },
  // What Wix's SDK calls; by POST when the query is too long for an address.
  { method: 'GET', path: '/stores-reader/v1/products/query-platformized', handle: queryPlatformized },
  { method: 'POST', path: '/stores-reader/v1/products/query-platformized', handle: queryPlatformized },
  { method: 'GET', path: '/stores-reader/v1/products/:id', handle: getProduct },
  { method: 'POST', path: '/stores/v1/products', handle: createProduct },
  { method: 'PATCH', path: '/stores/v1/products/:id', handle: updateProduct },
  { method: 'DELETE', path: '/stores/v1/products/:id', handle: deleteProduct },
];

function queryProducts(call: Call) {
  const { products, offset, total } = queried(call);
  return jsonAnswer(200, { products, metadata: { items: products.length, offset }, totalResults: total });
}

function queryPlatformized(call: Call) {
  const { products, offset, total } = queried(call);
  return jsonAnswer(200, { products, metadata: { count: products.length, offset, total } });
}

function queried(call: Call) {
  const products = readableProducts(call, READ, 'V1');
  const query = offsetQuery(sentQuery(call.request));
  const { page, total } = found(products, query);
  return { products: page, offset: query.offset, total };
}

function getProduct(call: Call) {
  return jsonAnswer(200, { product: productIn(readableProducts(call, READ, 'V1'), call) });
}

function createProduct(call: Call) {
  const site = writableStore(call, MANAGE, 'V1');
  const sent = sentProduct(call);
  const now = timeOf(call);
  const dates = { createdDate: now, lastUpdated: now };
  const product = { ...sent, ...dates, id: undefined, name: requiredText(sent, 'name'), visible: isVisible(sent) };
  return jsonAnswer(200, { product: site.addProduct(product) });
}

function updateProduct(call: Call) {
  const site = writableStore(call, MANAGE, 'V1');
  const former = productIn(site.products, call);
  const changed = { ...former, ...sentProduct(call), id: former.id, lastUpdated: timeOf(call) };
  const product = { ...changed, name: requiredText(changed, 'name'), visible: isVisible(changed) };
  return jsonAnswer(200, { product: site.addProduct(product) });
}

function deleteProduct(call: Call) {
  const site = writableStore(call, MANAGE, 'V1');
  site.removeProduct(productIn(site.products, call).id);
  return jsonAnswer(200, {});
}

const isVisible = ({ visible }: Readonly<Record<string, unknown>>): boolean => visible !== false;
