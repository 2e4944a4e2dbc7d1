import type { WixDomainEvent } from './wix-event.js';

/** The second argument of a handler. */
export interface WixEventContext {
  /**
   * Aborts when the handler has taken `webhooks.handlerTimeoutMs`, or the application stops and its time is up. A
   * handler that goes on keeps other processes from running it until it has settled or this process has ended.
   */
  readonly signal: AbortSignal;
}

/** A method that handles events, found at start-up. */
export interface EventHandler {
  /** Class and method: the same after a restart, since the ledger knows the handler by it. */
  readonly name: string;
  /** The types it handles; `'*'` for all. */
  readonly types: readonly string[];
  /** Calls it. */
  run(event: WixDomainEvent, context: WixEventContext): Promise<void>;
}

/** Whether a handler wants an event. */
export const handles = ({ types }: EventHandler, event: WixDomainEvent): boolean =>
  types.includes(event.type) || types.includes('*');
