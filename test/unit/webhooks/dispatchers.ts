import { AuthEvents } from '../../../src/core/auth-events.js';
import type { EventLedger } from '../../../src/store/event-ledger.js';
import { EventDispatcher } from '../../../src/webhooks/events/event-dispatcher.js';
import { WorkClaims } from '../../../src/webhooks/ledger/work-claims.js';

/** A dispatcher on a ledger, as the module makes it. */
export const dispatcherOn = (
  ledger: EventLedger,
  { events = new AuthEvents(), handlerTimeoutMs }: { events?: AuthEvents; handlerTimeoutMs?: number } = {},
): EventDispatcher => new EventDispatcher({ claims: new WorkClaims(ledger, events, 1_000), events }, handlerTimeoutMs);
