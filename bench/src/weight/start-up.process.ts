import 'reflect-metadata';

import { Controller, Get, Module, UseGuards, type CanActivate, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { processorMs } from '../measuring/processor-time.js';
import { report } from '../process/fresh-run.js';
import { buildInArgs, loadEntry } from './build.js';

/** Milliseconds of processor time from `NestFactory.create()` until `init()` has ended. */
export interface StartUpCost {
  readonly startUpMs: number;
}

interface Entry {
  readonly WixAuthModule: { forRoot(options: object): DynamicModule };
  readonly WixUserAuth: () => ClassDecorator & MethodDecorator;
}

const ROUTES_PER_CONTROLLER = 10;
const OPTIONS = { appId: '6c0e55f5-5d1e-4f4f-9a8a-4b0f2a3d9c11', appSecret: 'b1d6a3f2-93f6-4c0c-8d8f-2b0f7d3a6e55' };

class ConstantGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

// One decorator on each handler: ours, or a guard that admits every caller.
function controllers(routes: number, guarded: MethodDecorator): Type[] {
  return Array.from({ length: Math.ceil(routes / ROUTES_PER_CONTROLLER) }, (_, index) => {
    @Controller(`products-${String(index)}`)
    class Products {}
    const names = Array.from(
      { length: Math.min(routes, ROUTES_PER_CONTROLLER) },
      (_, method) => `get${String(method)}`,
    );
    for (const name of names) addHandler(Products.prototype, name, guarded);
    return Products;
  });
}

function addHandler(prototype: object, name: string, guarded: MethodDecorator): void {
  Object.defineProperty(prototype, name, { value: () => name, configurable: true, writable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  for (const decorator of [Get(name), guarded]) decorator(prototype, name, descriptor);
}

function rootModule(entry: Entry | undefined, routes: number): DynamicModule {
  @Module({})
  class App {}
  const guarded = entry === undefined ? UseGuards(ConstantGuard) : entry.WixUserAuth();
  return {
    module: App,
    imports: entry === undefined ? [] : [entry.WixAuthModule.forRoot(OPTIONS)],
    controllers: controllers(routes, guarded),
  };
}

const entry = (await loadEntry(buildInArgs())) as Entry | undefined;
const root = rootModule(entry, Number(process.argv[4]));
// What an application loads for its HTTP adapter is not ours to pay.
await import('@nestjs/platform-express');

const startedMs = processorMs();
const app = await NestFactory.create(root, { logger: ['error'] });
await app.init();
report({ startUpMs: processorMs() - startedMs } satisfies StartUpCost);
