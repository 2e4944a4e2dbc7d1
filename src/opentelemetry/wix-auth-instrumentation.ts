import { metrics, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api';

import { thisCopy } from '../core/marks.js';
import { CallSpans } from './call-spans.js';
import { HeardTraces } from './heard-traces.js';
import { countDecisions, countInstalls, countLookups, countWaiting, measureCalls, watchStates } from './metrics.js';
import { measureWebhooks } from './webhook-metrics.js';

/** Where spans and metrics go. */
export interface WixAuthInstrumentationOptions {
  /** @default the global one of `@opentelemetry/api`, as it is when {@link WixAuthInstrumentation.enable} is called */
  readonly tracerProvider?: TracerProvider | undefined;
  /** @default the global one of `@opentelemetry/api`, as it is when {@link WixAuthInstrumentation.enable} is called */
  readonly meterProvider?: MeterProvider | undefined;
  /** The current time, for the age of events. @default Date.now */
  readonly nowMs?: (() => number) | undefined;
}

const NAME = 'nestjs-wix-auth';

/**
 * Turns the traces of every registration in this process, from any copy of this package, into OpenTelemetry spans and
 * metrics. Every request to Wix is a span, a child of the span that is active when it begins. Labels of metrics are
 * bounded: none contains the id of an installation or a person.
 *
 * Enable it once the SDK is set up, and before the application starts.
 */
export class WixAuthInstrumentation {
  readonly #options: WixAuthInstrumentationOptions;
  #heard: HeardTraces | undefined;

  constructor(options: WixAuthInstrumentationOptions = {}) {
    this.#options = options;
  }

  /** Starts. Does nothing when it has started. */
  enable(): this {
    if (this.#heard !== undefined) return this;
    const heard = new HeardTraces();
    const { tracerProvider = trace.getTracerProvider(), nowMs = Date.now } = this.#options;
    new CallSpans(tracerProvider.getTracer(NAME, thisCopy.version), heard);
    this.#measure(heard, nowMs);
    this.#heard = heard;
    return this;
  }

  /** Stops. */
  disable(): void {
    this.#heard?.end();
    this.#heard = undefined;
  }

  #measure(heard: HeardTraces, nowMs: () => number): void {
    const { meterProvider = metrics.getMeterProvider() } = this.#options;
    const meter = meterProvider.getMeter(NAME, thisCopy.version);
    countDecisions(meter, heard);
    measureCalls(meter, heard);
    countLookups(meter, heard);
    watchStates(meter, heard);
    countWaiting(meter, heard);
    measureWebhooks(meter, heard, nowMs);
    countInstalls(meter, heard);
  }
}
