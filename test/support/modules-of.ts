import { Module, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** What Nest's container knows of an app with these controllers and nothing else. */
export function modulesOf(controllers: readonly Type[]): ModulesContainer {
  @Module({})
  class RootModule {}
  const wrappers = new Map(controllers.map((metatype) => [metatype, { metatype }]));
  const module = { metatype: RootModule, controllers: wrappers, providers: new Map(), injectables: new Map() };
  const modules = new ModulesContainer();
  Reflect.apply(Map.prototype.set, modules, ['root', module]);
  return modules;
}
