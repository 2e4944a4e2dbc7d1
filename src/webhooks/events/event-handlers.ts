import type { OnApplicationBootstrap } from '@nestjs/common';
import { type ModulesContainer } from '@nestjs/core';

import { WixLogger } from '../../diagnostics/wix-logger.js';
import type { EventHandler } from './event-handler.js';
import { eventWarnings } from './event-warnings.js';
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

  async onApplicationBootstrap(): Promise<void> {
    const all = [...this.#modules.values()];
    const own = moduleOf(this, all);
    this.#list = own === undefined ? [] : findEventHandlers(modulesSeeing(own, all));
    const logger = new WixLogger();
    if (this.#list.length > 0) logger.table(tableOf(this.#list));
    for (const warning of await eventWarnings(this.#list)) logger.warn(warning);
  }
}

function tableOf(handlers: readonly EventHandler[]): readonly string[] {
  const rows = handlers.flatMap(({ name, types }) => types.map((type) => `  ${type} -> ${name}`));
  return ['Handlers of Wix events:', ...rows];
}
