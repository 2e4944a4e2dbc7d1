import type { WixDomainEvent } from './wix-event.js';

/** A method that deals with events, found at start-up. */
export interface EventHandler {
  /** Class and method: the same after a restart, since the ledger knows the handler by it. */
  readonly name: string;
  /** The types it handles; `'*'` for all. */
  readonly types: readonly string[];
  /** Calls it. */
  run(event: WixDomainEvent): Promise<void>;
}

/** Whether a handler wants an event. */
export const handles = ({ types }: EventHandler, event: WixDomainEvent): boolean =>
  types.includes(event.type) || types.includes('*');
