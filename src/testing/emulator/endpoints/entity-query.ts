import type { RecordedRequest } from '../request-log.js';
import { Refused, validationError } from '../wire/answer.js';
import { fieldsOf, isObject } from '../wire/request-body.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a query asks for, whichever way it is written. */
export interface EntityQuery {
  readonly filter: Fields;
  readonly sort: readonly SortKey[];
  readonly offset: number;
  readonly limit: number;
}

interface SortKey {
  readonly fieldName: string;
  readonly descending: boolean;
}

const MAX_LIMIT = 100;

/** `query` of the body or, where a module of Wix's SDK asks by GET, of the parameter `.r`: base64url of the same. */
export function sentQuery({ body, query }: RecordedRequest): Fields {
  const packed = query['.r'];
  const sent = packed === undefined ? body : parsed(Buffer.from(packed, 'base64url').toString('utf8'), '.r');
  return fieldsOf(fieldsOf(sent)['query']);
}

/** A query with offsets, as Catalog V1 takes it: filter and sort may be text. */
export function offsetQuery(query: Fields): EntityQuery {
  const paging = fieldsOf(query['paging']);
  return { ...conditionsIn(query), offset: countIn(paging, 'offset', 0), limit: limitIn(paging) };
}

/** A query with cursors, as Catalog V3 takes it. A cursor holds the conditions it was made for. */
export function cursorQuery(query: Fields): EntityQuery {
  const paging = fieldsOf(query['cursorPaging']);
  const { cursor } = paging;
  if (typeof cursor !== 'string' || cursor === '') return { ...conditionsIn(query), offset: 0, limit: limitIn(paging) };
  const held = fieldsOf(parsed(Buffer.from(cursor, 'base64url').toString('utf8'), 'query.cursorPaging.cursor'));
  return { ...conditionsIn(held), offset: countIn(held, 'offset', 0), limit: limitIn(paging) };
}

/** The cursors of the pages before and after this one. */
export function cursorsAround(query: EntityQuery, total: number): { next?: string; prev?: string } {
  const { offset, limit } = query;
  return {
    ...(offset + limit < total && { next: cursorAt(query, offset + limit) }),
    ...(offset > 0 && { prev: cursorAt(query, Math.max(0, offset - limit)) }),
  };
}

/** All entities a query finds, in its order, and the page it asks for. */
export function found<Entity extends Fields>(
  entities: readonly Entity[],
  { filter, sort, offset, limit }: EntityQuery,
): { readonly page: readonly Entity[]; readonly total: number } {
  const matching = entities.filter((entity) => matches(entity, filter)).sort((one, other) => compare(one, other, sort));
  return { page: matching.slice(offset, offset + limit), total: matching.length };
}

function cursorAt({ filter, sort }: EntityQuery, offset: number): string {
  const keys = sort.map(({ fieldName, descending }) => ({ fieldName, order: descending ? 'DESC' : 'ASC' }));
  return Buffer.from(JSON.stringify({ filter, sort: keys, offset })).toString('base64url');
}

function conditionsIn(query: Fields): Pick<EntityQuery, 'filter' | 'sort'> {
  const { filter = {}, sort = [] } = query;
  const keys = typeof sort === 'string' ? parsed(sort || '[]', 'query.sort') : sort;
  const conditions = typeof filter === 'string' ? parsed(filter || '{}', 'query.filter') : filter;
  return { filter: fieldsOf(conditions), sort: (Array.isArray(keys) ? keys : [keys]).flatMap(sortKeys) };
}

// Catalog V1 writes `{"price": "desc"}`, Catalog V3 `{"fieldName": "name", "order": "DESC"}`.
function sortKeys(key: unknown): readonly SortKey[] {
  const { fieldName, order, ...others } = fieldsOf(key);
  if (typeof fieldName === 'string') return [{ fieldName, descending: order === 'DESC' }];
  return Object.entries(others).map(([name, direction]) => ({ fieldName: name, descending: direction === 'desc' }));
}

function compare(one: Fields, other: Fields, sort: readonly SortKey[]): number {
  for (const { fieldName, descending } of sort) {
    const order = inOrder(valueAt(one, fieldName), valueAt(other, fieldName));
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

function inOrder(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : Number(String(one) > String(other));
}

function matches(entity: Fields, filter: Fields): boolean {
  return Object.entries(filter).every(([key, condition]) => {
    if (key === '$and') return listOf(key, condition).every((part) => matches(entity, fieldsOf(part)));
    if (key === '$or') return listOf(key, condition).some((part) => matches(entity, fieldsOf(part)));
    if (key === '$not') return !matches(entity, fieldsOf(condition));
    return satisfies(valueAt(entity, key), condition);
  });
}

function satisfies(value: unknown, condition: unknown): boolean {
  if (!isObject(condition)) return value === condition;
  return Object.entries(condition).every(([operator, operand]) => operators(operator)(value, operand));
}

type Operator = (value: unknown, operand: unknown) => boolean;

function operators(name: string): Operator {
  const operator = knownOperators.get(name);
  if (operator === undefined) {
    throw new Refused(validationError('query.filter', `uses ${name}, which this emulator does not know`));
  }
  return operator;
}

const knownOperators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', (value, operand) => value === operand],
  ['$ne', (value, operand) => value !== operand],
  ['$in', (value, operand) => listOf('$in', operand).includes(value)],
  ['$hasSome', (value, operand) => listOf('$hasSome', operand).some((wanted) => asList(value).includes(wanted))],
  ['$hasAll', (value, operand) => listOf('$hasAll', operand).every((wanted) => asList(value).includes(wanted))],
  ['$exists', (value, operand) => (value !== undefined) === operand],
  ['$startsWith', (value, operand) => String(value).toLowerCase().startsWith(String(operand).toLowerCase())],
  ['$contains', (value, operand) => String(value).toLowerCase().includes(String(operand).toLowerCase())],
  ['$gt', (value, operand) => inOrder(value, operand) > 0],
  ['$gte', (value, operand) => inOrder(value, operand) >= 0],
  ['$lt', (value, operand) => inOrder(value, operand) < 0],
  ['$lte', (value, operand) => inOrder(value, operand) <= 0],
]);

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function listOf(operator: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) throw new Refused(validationError('query.filter', `needs a list after ${operator}`));
  return operand;
}

const valueAt = (entity: Fields, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => fieldsOf(value)[key], entity);

function limitIn(paging: Fields): number {
  const limit = countIn(paging, 'limit', MAX_LIMIT);
  if (limit > MAX_LIMIT) throw new Refused(validationError('query.paging.limit', `must be at most ${MAX_LIMIT}`));
  return limit;
}

function countIn(fields: Fields, key: string, otherwise: number): number {
  const count = fields[key] ?? otherwise;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
    throw new Refused(validationError(`query.paging.${key}`, 'must be a whole number'));
  }
  return count;
}

function parsed(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(validationError(field, 'is not readable'));
  }
}
