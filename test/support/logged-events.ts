import { AuthEvents } from '../../src/core/auth-events.js';
import { EventLog } from '../../src/diagnostics/event-log.js';

/** Events that are logged, as in an application. */
export function loggedEvents(): AuthEvents {
  const events = new AuthEvents();
  new EventLog(events);
  return events;
}
