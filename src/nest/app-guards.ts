import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;
type Wrapper = ReturnType<NestModule['getProviderByKey']>;

/** The part of Nest's configuration that lists the global guards. */
export type GlobalGuards = Pick<ApplicationConfig, 'getGlobalGuards' | 'getGlobalRequestGuards'>;

/**
 * The global guards, even before Nest has created them, as in preview mode. The guard of a factory or an alias is then
 * represented by the function and the classes that create it.
 */
export const globalGuardsOf = (config: ApplicationConfig, modules: ModulesContainer): GlobalGuards => ({
  getGlobalGuards: () =>
    [...config.getGlobalGuards(), ...unmadeGuards(modules)] as ReturnType<GlobalGuards['getGlobalGuards']>,
  getGlobalRequestGuards: () => config.getGlobalRequestGuards(),
});

const unmadeGuards = (modules: ModulesContainer): readonly unknown[] =>
  [...modules.values()]
    .flatMap(({ providers }) => [...providers.values()])
    .filter(({ subtype, instance }) => subtype === 'guard' && !isMade(instance))
    .flatMap(makersOf);

const isMade = (instance: unknown): boolean => instance !== null && instance !== undefined;

const makersOf = ({ metatype, inject = [] }: Wrapper): readonly unknown[] =>
  [metatype, ...(inject ?? [])].filter((maker) => typeof maker === 'function');
