import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import { WixAuthInstrumentation } from 'nestjs-wix-auth/opentelemetry';

type Labels = Record<string, unknown>;

/** Metrics as the real SDK exports them. */
export class CollectedMetrics {
  readonly #exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #reader = new PeriodicExportingMetricReader({ exporter: this.#exporter, exportIntervalMillis: 3_600_000 });
  readonly #provider = new MeterProvider({ readers: [this.#reader] });
  readonly #instrumentation: WixAuthInstrumentation;

  constructor(nowMs?: () => number) {
    this.#instrumentation = new WixAuthInstrumentation({ meterProvider: this.#provider, nowMs }).enable();
  }

  /** The sum of one metric over the series that have these labels; of a histogram, its count. */
  async sum(name: string, labels: Labels = {}): Promise<number> {
    const values = (await this.#points(name))
      .filter(({ attributes }) => Object.entries(labels).every(([key, value]) => attributes[key] === value))
      .map(({ value }) => (typeof value === 'number' ? value : value.count));
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** Everything that was exported. */
  async all(): Promise<unknown> {
    await this.#reader.forceFlush();
    return this.#exporter.getMetrics();
  }

  async stop(): Promise<void> {
    this.#instrumentation.disable();
    await this.#provider.shutdown();
  }

  async #points(name: string): Promise<readonly DataPoint<number | Histogram>[]> {
    this.#exporter.reset();
    await this.#reader.forceFlush();
    return this.#exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(
        ({ dataPoints }): readonly DataPoint<number | Histogram>[] => dataPoints as DataPoint<number | Histogram>[],
      );
  }
}
