/** An object of an OpenAPI document whose members are not known yet. */
export type OpenApiObject = Readonly<Record<string, unknown>>;

/** The object under a name; an empty one where there is none. */
export const objectIn = (parent: OpenApiObject, name: string): OpenApiObject => objectOr(parent[name]);

/** The list under a name; an empty one where there is none. */
export const listIn = (parent: OpenApiObject, name: string): readonly unknown[] => {
  const value = parent[name];
  return Array.isArray(value) ? value : [];
};

/** The text under a name; an empty one where there is none. */
export const textIn = (parent: OpenApiObject, name: string): string => {
  const value = parent[name];
  return typeof value === 'string' ? value : '';
};

/** A value as an object; an empty one where it is something else. */
export const objectOr = (value: unknown): OpenApiObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as OpenApiObject) : {};

/** Adds the members that are missing; those that exist stay. */
export const withDefaults = (written: OpenApiObject, added: OpenApiObject): OpenApiObject => ({ ...added, ...written });
