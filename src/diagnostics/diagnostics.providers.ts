import type { Provider } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { factoryProvider } from '../wiring/providers.js';
import { EventLog } from './event-log.js';

/** Logs what the other rooms report. */
export const diagnosticsProviders: readonly Provider[] = [
  factoryProvider(EventLog, [AuthEvents], (events) => new EventLog(events)),
];
