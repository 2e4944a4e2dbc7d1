import { jsonAnswer, Refused, validationError, wixError } from '../../wire/answer.js';
import { isObject } from '../../wire/request-body.js';
import type { EmulatedProduct } from '../../world/site-contents.js';
import type { Need } from '../../world/scope-table.js';
import type { Call, Endpoint } from '../endpoint.js';
import { productIn, readableProducts, requiredText, sentProduct, timeOf, writableStore } from './store.js';
import { cursorQuery, cursorsAround, found, sentQuery } from '../entity-query.js';

const needTo = (scope: string, permissionId: string): Need => ({ scope, permissionId });

const READ = needTo('SCOPE.DC-STORES.READ-PRODUCTS', 'WIX_STORES.PRODUCT_READ');
const CREATE = needTo('SCOPE.DC-STORES.MANAGE-PRODUCTS', 'WIX_STORES.PRODUCT_CREATE');
const UPDATE = needTo('SCOPE.DC-STORES.MANAGE-PRODUCTS', 'WIX_STORES.PRODUCT_UPDATE');
const DELETE = needTo('SCOPE.DC-STORES.MANAGE-PRODUCTS', 'WIX_STORES.PRODUCT_DELETE');

/** Products of Catalog V3, which new sites have. Wix's SDK queries by GET, and by POST when the query is long. */
export const catalogV3Endpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/stores/v3/products/query', handle: queryProducts },
  { method: 'POST', path: '/stores/v3/products/query', handle: queryProducts },
  { method: 'GET', path: '/stores/v3/products/slug/:slug', handle: getProductBySlug },
  { method: 'GET', path: '/stores/v3/products/:id', handle: getProduct },
  { method: 'POST', path: '/stores/v3/products', handle: createProduct },
  { method: 'PATCH', path: '/stores/v3/products/:id', handle: updateProduct },
  { method: 'DELETE', path: '/stores/v3/products/:id', handle: deleteProduct },
];

function queryProducts(call: Call) {
  const stored = readableProducts(call, READ, 'V3').map(asV3);
  const query = cursorQuery(sentQuery(call.request));
  const { page, total } = found(stored, query);
  const cursors = cursorsAround(query, total);
  const pagingMetadata = { count: page.length, cursors, hasNext: cursors.next !== undefined };
  return jsonAnswer(200, { products: page, pagingMetadata });
}

function getProduct(call: Call) {
  return jsonAnswer(200, { product: asV3(productIn(readableProducts(call, READ, 'V3'), call)) });
}

function getProductBySlug(call: Call) {
  const product = readableProducts(call, READ, 'V3')
    .map(asV3)
    .find(({ slug }) => slug === call.params['slug']);
  if (!product) throw new Refused(wixError(404, 'PRODUCT_NOT_FOUND', 'Product not found'));
  return jsonAnswer(200, { product });
}

function createProduct(call: Call) {
  const site = writableStore(call, CREATE, 'V3');
  const sent = sentProduct(call);
  const name = requiredText(sent, 'name');
  requiredText(sent, 'productType');
  requireVariants(sent);
  const now = timeOf(call);
  const made = { id: undefined, revision: '1', createdDate: now, updatedDate: now };
  return jsonAnswer(200, { product: asV3(site.addProduct({ ...sent, ...made, name, visible: isVisible(sent) })) });
}

function updateProduct(call: Call) {
  const site = writableStore(call, UPDATE, 'V3');
  const former = asV3(productIn(site.products, call));
  const sent = sentProduct(call);
  requireRevision(sent, former);
  const { id, createdDate } = former;
  const made = { id, createdDate, revision: String(Number(former.revision) + 1), updatedDate: timeOf(call) };
  const changed = { ...former, ...sent, ...made };
  const product = { ...changed, name: requiredText(changed, 'name'), visible: isVisible(changed) };
  return jsonAnswer(200, { product: asV3(site.addProduct(product)) });
}

function deleteProduct(call: Call) {
  const site = writableStore(call, DELETE, 'V3');
  site.removeProduct(productIn(site.products, call).id);
  return jsonAnswer(200, {});
}

interface ProductV3 extends EmulatedProduct {
  readonly revision: string;
  readonly slug: string;
}

/** A product as Catalog V3 shows it: one that a test put into the store has a revision and a slug too. */
function asV3(product: EmulatedProduct): ProductV3 {
  const { revision, slug } = product;
  return {
    ...product,
    revision: typeof revision === 'string' ? revision : '1',
    slug: typeof slug === 'string' ? slug : slugOf(product.name),
  };
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

function requireVariants({ variantsInfo }: Readonly<Record<string, unknown>>): void {
  const variants = isObject(variantsInfo) ? variantsInfo['variants'] : undefined;
  if (!Array.isArray(variants) || variants.length === 0) {
    throw new Refused(validationError('product.variantsInfo.variants', 'must not be empty'));
  }
}

function requireRevision(sent: Readonly<Record<string, unknown>>, { revision }: ProductV3): void {
  const known = sent['revision'];
  if (typeof known !== 'string' || known === '') {
    throw new Refused(validationError('product.revision', 'must not be empty'));
  }
  if (known !== revision) {
    throw new Refused(wixError(409, 'INVALID_REVISION', 'Entity has already changed since the requested revision'));
  }
}

const isVisible = ({ visible }: Readonly<Record<string, unknown>>): boolean => visible !== false;
