import type { InstrumentType, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { ExporterFactory } from './exporters.ts';

/** Where exports go: to the configured endpoint, to none, or to one where nothing listens. */
export type Course = 'normal' | 'stopped' | 'wrong-endpoint';

/** Port 9 is "discard" (RFC 863); nothing listens there on any machine we know, so connections are refused at once. */
const wrongEndpoint = 'http://127.0.0.1:9/v1/nowhere';

/** How the OTLP result callback says that a batch needs no retry. `ExportResultCode.SUCCESS` in the SDK. */
const success = { code: 0 } as const;

/** The result of a batch that was on its way to the wrong endpoint when the fault ended. `ExportResultCode.FAILED`. */
function givenUp() {
  return { code: 1, error: new Error('given up: the endpoint was wrong until now') } as const;
}

type ResultCallback = Parameters<PushMetricExporter['export']>[1];

interface AnyExporter<Batch> {
  export(batch: Batch, done: ResultCallback): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * An exporter that can be made to lose its way, for the two telemetry faults. Between the SDK's batching and the
 * real exporter, so that the fault is what it claims to be: the service works on, and its telemetry does not arrive.
 */
export class GatedExporter<Batch, Exporter extends AnyExporter<Batch>> {
  readonly #make: ExporterFactory<Exporter>;
  readonly #real: Exporter;
  #lost: Exporter | undefined;
  #course: Course = 'normal';
  #dropped = 0;
  readonly #astray = new Set<ResultCallback>();

  constructor(make: ExporterFactory<Exporter>) {
    this.#make = make;
    this.#real = make({});
  }

  /** Changes the course of all batches from now on. */
  setCourse(course: Course): void {
    this.#course = course;
    if (course === 'wrong-endpoint') this.#lost ??= this.#make({ url: wrongEndpoint });
    else this.#forgetLost();
  }

  /** How many batches were dropped by `stopped` since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  export(batch: Batch, done: ResultCallback): void {
    if (this.#course === 'stopped') {
      this.#dropped += 1;
      done(success);
      return;
    }
    if (this.#lost) this.#exportAstray(this.#lost, batch, done);
    else this.#real.export(batch, done);
  }

  async forceFlush(): Promise<void> {
    await (this.#lost ?? this.#real).forceFlush?.();
  }

  async shutdown(): Promise<void> {
    this.#forgetLost();
    await this.#real.shutdown();
  }

  protected get real(): Exporter {
    return this.#real;
  }

  /** The exporter retries for half a minute; ending the fault must not wait for that, so it can be given up. */
  #exportAstray(lost: Exporter, batch: Batch, done: ResultCallback): void {
    const finish: ResultCallback = (result) => {
      if (this.#astray.delete(finish)) done(result);
    };
    this.#astray.add(finish);
    lost.export(batch, finish);
  }

  #forgetLost(): void {
    const lost = this.#lost;
    this.#lost = undefined;
    for (const finish of [...this.#astray]) finish(givenUp());
    lost?.shutdown().catch(() => undefined);
  }
}

/** The gate for metrics, whose reader also asks the exporter for the temporality that `OTEL_*` variables choose. */
export class GatedMetricExporter extends GatedExporter<
  Parameters<PushMetricExporter['export']>[0],
  PushMetricExporter
> {
  selectAggregationTemporality(type: InstrumentType): 0 | 1 {
    return this.real.selectAggregationTemporality?.(type) ?? 1;
  }
}
