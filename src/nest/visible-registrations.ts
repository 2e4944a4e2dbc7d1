import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

/** One of the application's modules. */
type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/**
 * The modules that import more than one registration, directly or through a module that exports it: which one their
 * guards and services get depends on the order of imports. A global registration that a module does not import itself
 * does not count: one that it imports takes precedence.
 *
 * @param type - the class of the module that registers.
 */
export const seeingSeveral = (modules: ModulesContainer, type: Type): readonly string[] =>
  [...modules.values()]
    .filter((module) => module.metatype !== type && areSeveral(registrationsSeenBy(module, type)))
    .map(({ metatype }) => metatype.name);

// Nest adds global modules to the imports of every module, after those it declares.
const areSeveral = (seen: readonly NestModule[]): boolean => seen.slice(1).some(({ isGlobal }) => !isGlobal);

/** The registration that a module's guards and services get, as Nest's module: one that it imports, or a global one. */
export const registrationSeenBy = (module: NestModule, type: Type): NestModule | undefined =>
  module.metatype === type ? module : registrationsSeenBy(module, type)[0];

const registrationsSeenBy = (module: NestModule, type: Type): NestModule[] => [
  ...new Set([...module.imports].flatMap((imported) => offeredBy(imported, type, new Set()))),
];

function offeredBy(imported: NestModule, type: Type, seen: Set<NestModule>): readonly NestModule[] {
  if (imported.metatype === type) return [imported];
  if (seen.has(imported)) return [];
  seen.add(imported);
  return [...imported.imports]
    .filter(({ metatype }) => imported.exports.has(metatype))
    .flatMap((exported) => offeredBy(exported, type, seen))
    .filter(({ isGlobal }) => !isGlobal);
}
