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
  /** The time, to tell the age of events by. @default Date.now */
  readonly nowMs?: (() => number) | undefined;
}

const NAME = 'nestjs-wix-auth';

/**
 * Makes OpenTelemetry spans and metrics of the traces of every registration in this process, whichever copy of this
 * package it is of. Spans stand for requests to Wix, below the span that is active where they begin. Labels of metrics
 * are bounded: no ids of installations or people are among them.
 *
 * Enable it once the SDK is set up, and before the application starts.
 */
export class WixAuthInstrumentation {
  readonly #options: WixAuthInstrumentationOptions;
  #heard: HeardTraces | undefined;

  constructor(options: WixAuthInstrumentationOptions = {}) {
    this.#options = options;
  }

  /** Begins. Does nothing when it has begun. */
  enable(): this {
    if (this.#heard !== undefined) return this;
    const heard = new HeardTraces();
    const { tracerProvider = trace.getTracerProvider(), nowMs = Date.now } = this.#options;
    new CallSpans(tracerProvider.getTracer(NAME, thisCopy.version), heard);
    this.#measure(heard, nowMs);
    this.#heard = heard;
    return this;
  }

  /** Ends. */
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
