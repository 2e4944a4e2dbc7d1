import type { OnModuleInit } from '@nestjs/common';

import type { AuthEvents } from '../core/auth-events.js';
import type { EventLedger } from './event-ledger.js';
import { NoInvalidationBus, type InvalidationBus } from './invalidation-bus.js';
import { TokenStore } from './token-store.js';

/** What may be shared, and by what. */
export interface SharedParts {
  readonly tokens: TokenStore;
  readonly invalidation: InvalidationBus;
  /** `undefined` where no webhooks are taken. */
  readonly ledger: EventLedger | undefined;
}

/** Says at start-up what this registration shares with its other processes, and warns where a part of it is missing. */
export class SharingReport implements OnModuleInit {
  readonly #parts: SharedParts;
  readonly #events: AuthEvents;

  constructor(parts: SharedParts, events: AuthEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  onModuleInit(): void {
    const { tokens, invalidation, ledger } = this.#parts;
    const parts: readonly (readonly [string, boolean])[] = [
      ['tokens, verifications and grants', tokens.isShared],
      ['leases', tokens.isShared && grantsLeases(tokens)],
      ['invalidation', !(invalidation instanceof NoInvalidationBus)],
      ...(ledger === undefined ? [] : [['webhook ledger', ledger.isShared] as const]),
    ];
    const shared = parts.filter(([, isShared]) => isShared).map(([name]) => name);
    const missing = parts.filter(([, isShared]) => !isShared).map(([name]) => name);
    this.#events.emit('sharing', { shared });
    if (tokens.isShared && missing.length > 0) this.#events.emit('sharingIncomplete', { missing });
  }
}

// A store that does not say how grants a lease to everyone.
const grantsLeases = (store: TokenStore): boolean => store.lease !== TokenStore.prototype.lease;
