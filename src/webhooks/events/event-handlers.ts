import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type ModulesContainer } from '@nestjs/core';

import type { EventHandler } from './event-handler.js';
import { findEventHandlers, moduleOf, modulesSeeing } from './event-handlers.explorer.js';

/** The handlers of one registration: those in modules that see it. Found once, when the application starts. */
export class EventHandlers implements OnApplicationBootstrap {
  readonly #modules: ModulesContainer;
  #list: readonly EventHandler[] = [];

  constructor(modules: ModulesContainer) {
    this.#modules = modules;
  }

  /** All of them. */
  get list(): readonly EventHandler[] {
    return this.#list;
  }

  onApplicationBootstrap(): void {
    const all = [...this.#modules.values()];
    const own = moduleOf(this, all);
    this.#list = own === undefined ? [] : findEventHandlers(modulesSeeing(own, all));
    new Logger('WixAuthModule').log(tableOf(this.#list));
  }
}

function tableOf(handlers: readonly EventHandler[]): string {
  if (handlers.length === 0)
    return 'No method is marked with @OnWixEvent: webhooks are accepted and handled by nobody.';
  const rows = handlers.flatMap(({ name, types }) => types.map((type) => `  ${type} -> ${name}`));
  return ['Handlers of Wix events:', ...rows].join('\n');
}
