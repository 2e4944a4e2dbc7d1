import type { OnApplicationBootstrap } from '@nestjs/common';
import { type ModulesContainer } from '@nestjs/core';

import type { AuthEvents, StartUpTable } from '../../core/auth-events.js';
import type { SdkEnvelopes } from '../envelopes/sdk-envelopes.js';
import type { EventHandler } from './event-handler.js';
import { eventWarnings } from './event-warnings.js';
import { findEventHandlers, moduleOf, modulesSeeing, type FoundHandler } from './event-handlers.explorer.js';

/** The handlers of one registration: those in modules that see it. Found once, when the application starts. */
export class EventHandlers implements OnApplicationBootstrap {
  readonly #modules: ModulesContainer;
  readonly #envelopes: SdkEnvelopes;
  readonly #events: AuthEvents;
  /** Resolves when they have been found. */
  readonly found: Promise<void>;
  #list: readonly EventHandler[] = [];
  #wereFound = (): void => undefined;

  constructor(modules: ModulesContainer, envelopes: SdkEnvelopes, events: AuthEvents) {
    this.#modules = modules;
    this.#envelopes = envelopes;
    this.#events = events;
    this.found = new Promise((resolve) => {
      this.#wereFound = resolve;
    });
  }

  /** All of them. */
  get list(): readonly EventHandler[] {
    return this.#list;
  }

  async onApplicationBootstrap(): Promise<void> {
    const all = [...this.#modules.values()];
    const own = moduleOf(this, all);
    const found = own === undefined ? [] : findEventHandlers(modulesSeeing(own, all));
    this.#list = found.map((handler) => this.#prepared(handler));
    this.#wereFound();
    if (found.length > 0) this.#events.emit('startUpTable', tableOf(this.#list));
    for (const message of await eventWarnings(found)) this.#events.emit('startUpWarning', { message });
  }

  // With each event in the form the method takes.
  #prepared(handler: FoundHandler): EventHandler {
    const definitions = new Map(handler.events.map(({ type, definition }) => [type, definition]));
    return {
      name: handler.name,
      types: [...definitions.keys()],
      run: async (event, context) => {
        const definition = definitions.get(event.type);
        await handler.call(definition === undefined ? event : this.#envelopes.of(event, definition), context);
      },
    };
  }
}

const tableOf = (handlers: readonly EventHandler[]): StartUpTable => ({
  title: 'Handlers of Wix events:',
  rows: handlers.flatMap(({ name, types }) => types.map((type) => `  ${type} -> ${name}`)),
});
