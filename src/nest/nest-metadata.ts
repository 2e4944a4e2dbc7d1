import 'reflect-metadata';

import { RequestMethod, type ExecutionContext, type Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  METHOD_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';

/** A handler: the function Nest calls for a route, a resolver or a message. */
export type Handler = ReturnType<ExecutionContext['getHandler']>;

/** The guards that `@UseGuards` set on this class or method, as classes or instances, without those of base classes. */
export function ownGuardsOn(target: object): readonly unknown[] {
  const own = listOf(Reflect.getOwnMetadata(GUARDS_METADATA, target));
  // Nest begins the list of a subclass with the guards of its base class.
  return own.slice(guardsOfBase(target).length);
}

/** The guards of a class or method, inherited ones included. */
export const guardsOn = (target: object): readonly unknown[] => listOf(Reflect.getMetadata(GUARDS_METADATA, target));

function guardsOfBase(target: object): readonly unknown[] {
  const base: unknown = Reflect.getPrototypeOf(target);
  return typeof base === 'function' ? guardsOn(base) : [];
}

/** A class and its base classes, nearest first. */
export function lineageOf(type: Type): Type[] {
  const base: unknown = Reflect.getPrototypeOf(type);
  return typeof base === 'function' && base !== Function.prototype ? [type, ...lineageOf(base as Type)] : [type];
}

/** The method name of a handler in a class or its base classes. */
export function methodNameOf(host: Type, handler: Handler): string | undefined {
  const prototype = host.prototype as object;
  return new MetadataScanner().getAllMethodNames(prototype).find((name) => Reflect.get(prototype, name) === handler);
}

/** The paths declared on a controller or route; `undefined` for anything else. */
export function pathsOn(target: object): readonly string[] | undefined {
  const paths: unknown = Reflect.getMetadata(PATH_METADATA, target);
  return paths === undefined ? undefined : texts(paths);
}

/** The HTTP method of a route, such as `GET` or `ALL`; `undefined` for anything that is not a route. */
export function methodOn(handler: Handler): string | undefined {
  const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
  return typeof method === 'number' ? RequestMethod[method] : undefined;
}

/** The versions declared on a controller or route, unchanged. */
export const versionOn = (target: object): unknown => Reflect.getMetadata(VERSION_METADATA, target);

/** The path that `RouterModule` sets before those of a module's controllers. */
export function modulePathOf(module: Type, applicationId: string): string {
  const path: unknown =
    Reflect.getMetadata(MODULE_PATH + applicationId, module) ?? Reflect.getMetadata(MODULE_PATH, module);
  return typeof path === 'string' ? path : '';
}

// Written by @nestjs/websockets, which is optional and never imported here.
const GATEWAY_METADATA = 'websockets:is_gateway';

/** Whether a provider is a WebSocket gateway. */
export const isGateway = (type: Type): boolean => Reflect.getMetadata(GATEWAY_METADATA, type) === true;

// Written by @nestjs/websockets and @nestjs/microservices.
const MESSAGE_METADATA = ['websockets:message_mapping', 'microservices:handler_type', 'microservices:pattern'];

/** Whether a method handles messages of a WebSocket gateway or a microservice. */
export const takesMessages = (method: Handler): boolean =>
  MESSAGE_METADATA.some((key) => Reflect.hasMetadata(key, method));

/** The patterns of the messages that a method handles, each as text; empty when it handles none. */
export function messagePatternsOn(method: Handler): readonly string[] {
  const patterns: unknown[] = MESSAGE_PATTERNS.map((key): unknown => Reflect.getMetadata(key, method)).flat();
  return patterns
    .filter((pattern) => pattern !== undefined)
    .map((pattern) => (typeof pattern === 'string' ? pattern : JSON.stringify(pattern)));
}

const MESSAGE_PATTERNS = ['message', 'microservices:pattern'];

// Written by @nestjs/graphql, which is never imported here.
const GRAPHQL_TYPE = 'graphql:resolver_type';
const GRAPHQL_NAME = 'graphql:resolver_name';
const GRAPHQL_PROPERTY = 'graphql:resolve_property';

/** The field of a GraphQL schema that a method resolves, such as `Query.products`; `undefined` for other methods. */
export function graphqlFieldOf(host: Type, method: Handler, methodName: string): string | undefined {
  const name = textOr(Reflect.getMetadata(GRAPHQL_NAME, method), methodName);
  if (Reflect.getMetadata(GRAPHQL_PROPERTY, method) === true) {
    return `${textOr(Reflect.getMetadata(GRAPHQL_NAME, host), host.name)}.${name}`;
  }
  const type: unknown = Reflect.getMetadata(GRAPHQL_TYPE, method);
  return typeof type === 'string' ? `${type}.${name}` : undefined;
}

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Whether a method has metadata of any decorator, as every handler does. */
export const isDecorated = (method: Handler): boolean => Reflect.getMetadataKeys(method).length > 0;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] => [value].flat().filter((item) => typeof item === 'string');
