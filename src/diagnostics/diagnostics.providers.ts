import type { Provider } from '@nestjs/common';

import { AuthEvents } from '../core/auth-events.js';
import { WixClock } from '../core/clock.js';
import { factoryProvider, type ProviderToken } from '../wiring/providers.js';
import { EventLog } from './event-log.js';
import { EventTraces } from './event-traces.js';
import type { LogFormat } from './log-format.js';
import { Traces } from './traces.js';
import { WixHealth } from './wix-health.js';

/** What `diagnostics/` is told of the options. */
export interface DiagnosticsSettings {
  readonly app: { readonly appId: string };
  readonly subjectIds: boolean;
  readonly logging: { readonly format: LogFormat | undefined };
}

/** Tells what the other rooms do: to the log, and on the channels of traces. */
export const diagnosticsProviders = (settings: ProviderToken<DiagnosticsSettings>): readonly Provider[] => [
  factoryProvider(Traces, [settings], ({ app, subjectIds }) => new Traces(app.appId, subjectIds)),
  factoryProvider(EventTraces, [AuthEvents, Traces], (events, traces) => new EventTraces(events, traces)),
  factoryProvider(WixHealth, [AuthEvents, WixClock], (events, clock) => new WixHealth(events, clock)),
  factoryProvider(EventLog, [AuthEvents, settings], (events, { logging }) => new EventLog(events, logging.format)),
];
