import 'reflect-metadata';

import type { Type } from '@nestjs/common';
import { MetadataScanner, type ApplicationConfig, type ModulesContainer } from '@nestjs/core';

import * as marks from '../core/marks.js';
import { guardsOn } from './nest-metadata.js';

type NestModule = ModulesContainer extends Map<string, infer Module> ? Module : never;

/**
 * Where an application uses another copy of this package: its module, its ports as tokens, its guards, and decorators
 * that wrote marks this copy does not know. One line each, with the version of that copy.
 */
export function tracesOfOtherCopies(modules: ModulesContainer, config: ApplicationConfig): readonly string[] {
  const traces = [...modules.values()].flatMap((module) => [
    ...moduleTrace(module),
    ...[...module.providers.keys()].flatMap((token) => portTrace(token, module)),
    ...classesIn(module).flatMap((host) => handlerTraces(host)),
  ]);
  return [...new Set([...traces, ...globalGuardTraces(config)])];
}

const moduleTrace = ({ metatype }: NestModule): readonly string[] =>
  ownsOtherCopy(metatype) ? [`the module ${metatype.name} (${versionOf(metatype)})`] : [];

// A subclass belongs to the application; only the port itself is a token that this copy never injects.
const portTrace = (token: unknown, module: NestModule): readonly string[] =>
  typeof token === 'function' && token !== module.metatype && ownsOtherCopy(token)
    ? [`${token.name} as the token of a provider in ${module.name} (${versionOf(token)})`]
    : [];

function handlerTraces(host: Type): readonly string[] {
  const prototype = host.prototype as Record<string, unknown>;
  const methods = new MetadataScanner().getAllMethodNames(prototype).map((name) => [name, prototype[name]] as const);
  return [
    ...tracesOn(host, host.name),
    ...methods.flatMap(([name, method]) => [
      ...(typeof method === 'function' ? tracesOn(method, `${host.name}.${name}`) : []),
      ...unknownMarks(Reflect.getMetadataKeys(host, name)).map((mark) => markTrace(mark, `${host.name}.${name}`, host)),
    ]),
  ];
}

const tracesOn = (target: object, name: string): readonly string[] => [
  ...guardsOn(target)
    .filter(isOfOtherCopy)
    .map((guard) => `${nameOf(guard)} on ${name} (${versionOf(guard)})`),
  ...unknownMarks(Reflect.getMetadataKeys(target)).map((mark) => markTrace(mark, name, target)),
];

const globalGuardTraces = (config: ApplicationConfig): readonly string[] =>
  [...config.getGlobalGuards(), ...config.getGlobalRequestGuards().map(({ metatype }) => metatype)]
    .filter(isOfOtherCopy)
    .map((guard) => `${nameOf(guard)} as a global guard (${versionOf(guard)})`);

const markTrace = (mark: symbol, name: string, target: object): string =>
  `a decorator on ${name} whose mark is not known here, ${String(mark.description)} ` +
  `(${versionIn(Reflect.getMetadata(marks.COPY, target))})`;

const known: ReadonlySet<unknown> = new Set(Object.values(marks));

// Prereleases had a colon in the names, and symbols that copies did not share.
const unknownMarks = (keys: readonly unknown[]): readonly symbol[] =>
  keys.filter(
    (key): key is symbol =>
      typeof key === 'symbol' && !known.has(key) && /^nestjs-wix-auth[/:]/.test(key.description ?? ''),
  );

const classesIn = ({ controllers, providers }: NestModule): readonly Type[] =>
  [...controllers.values(), ...providers.values()].map(({ metatype }) => metatype).filter(isClass);

const isClass = (value: unknown): value is Type => typeof value === 'function' && typeof value.prototype === 'object';

// Guards are recognized by what they inherit: a subclass of another copy's guard uses that copy.
function isOfOtherCopy(guard: unknown): boolean {
  const copy = copyOf(guard);
  return copy !== undefined && copy !== marks.thisCopy;
}

const ownsOtherCopy = (type: object): boolean => Object.hasOwn(type, marks.COPY) && isOfOtherCopy(type);

const copyOf = (value: unknown): unknown => Reflect.get(Object(classOf(value)) as object, marks.COPY);
const classOf = (value: unknown): unknown => (typeof value === 'object' && value !== null ? value.constructor : value);

const nameOf = (guard: unknown): string => String(Reflect.get(Object(classOf(guard)) as object, 'name'));

const versionOf = (value: unknown): string => versionIn(copyOf(value));

function versionIn(copy: unknown): string {
  const version: unknown = typeof copy === 'object' && copy !== null ? Reflect.get(copy, 'version') : undefined;
  return typeof version === 'string' ? `version ${version}` : 'of unknown version';
}
