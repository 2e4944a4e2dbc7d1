import { isJsonObject, numberOf, textOf } from '../core/values/json.js';
import { WixAccessToken } from './wix-access-token.js';

/** A token, and when its lifetime began. */
export interface ObtainedToken {
  readonly token: WixAccessToken;
  readonly sinceMs: number;
}

/** The same as it stands in the store. */
export interface StoredToken {
  readonly value: string;
  readonly sinceMs: number;
  readonly expiresAtMs: number;
}

/** How a token is stored. */
export const entryOf = ({ token, sinceMs }: ObtainedToken): StoredToken => ({
  value: token.value,
  sinceMs,
  expiresAtMs: token.expiresAt.getTime(),
});

/** The token behind a stored one. */
export const obtainedFrom = ({ value, sinceMs, expiresAtMs }: StoredToken): ObtainedToken => ({
  token: new WixAccessToken(value, new Date(expiresAtMs)),
  sinceMs,
});

/** What an entry of the store says; `undefined` when this version does not know its form. */
export function storedTokenIn(entry: unknown): StoredToken | undefined {
  if (!isJsonObject(entry)) return undefined;
  const value = textOf(entry, 'value');
  const sinceMs = numberOf(entry, 'sinceMs');
  const expiresAtMs = numberOf(entry, 'expiresAtMs');
  return value === undefined || sinceMs === undefined || expiresAtMs === undefined
    ? undefined
    : { value, sinceMs, expiresAtMs };
}
