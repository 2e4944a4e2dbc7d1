import type { OnApplicationBootstrap } from '@nestjs/common';
import { type ModulesContainer } from '@nestjs/core';

import type { AuthEvents } from '../../core/auth-events.js';
import { findEventHandlers, moduleOf, modulesSeeing } from './event-handlers.explorer.js';
import { EventHandlers } from './event-handlers.js';
import { unmountedWarning } from './event-warnings.js';

/** Stands in a registration without webhooks, and warns of event handlers that none takes webhooks for. */
export class UnmountedHandlers implements OnApplicationBootstrap {
  readonly #modules: ModulesContainer;
  readonly #events: AuthEvents;

  constructor(modules: ModulesContainer, events: AuthEvents) {
    this.#modules = modules;
    this.#events = events;
  }

  onApplicationBootstrap(): void {
    const all = [...this.#modules.values()];
    const own = moduleOf(this, all);
    if (own === undefined) return;
    const served = new Set(all.filter(takesWebhooks).flatMap((module) => modulesSeeing(module, all)));
    const handlers = findEventHandlers(modulesSeeing(own, all).filter((module) => !served.has(module)));
    if (handlers.length > 0) this.#events.emit('startUpWarning', { message: unmountedWarning(handlers) });
  }
}

const takesWebhooks = (module: Parameters<typeof modulesSeeing>[0]): boolean => module.providers.has(EventHandlers);
