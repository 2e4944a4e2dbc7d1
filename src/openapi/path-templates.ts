import { parse, type Token } from 'path-to-regexp';

/**
 * The forms that a path of the router can have in OpenAPI, without the names of its parameters: `/products/{}`. A path
 * with an optional part has two.
 */
export function templatesOf(path: string): readonly string[] {
  try {
    return [...new Set(expanded(parse(path).tokens).map(withoutEndSlash))];
  } catch {
    return [];
  }
}

/** A path of an OpenAPI document without the names of its parameters. */
export const templateIn = (path: string): string => withoutEndSlash(path.replace(/\{[^{}]*\}/g, '{}'));

const expanded = (tokens: readonly Token[]): readonly string[] =>
  tokens.reduce<readonly string[]>(
    (starts, token) => starts.flatMap((start) => formsOf(token).map((form) => start + form)),
    [''],
  );

function formsOf(token: Token): readonly string[] {
  if (token.type === 'text') return [token.value];
  return token.type === 'group' ? [...expanded(token.tokens), ''] : ['{}'];
}

const withoutEndSlash = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
