/** A series of Prometheus's remote write, of either version, with what was sent of it. */
export interface WrittenSeries {
  /** In the order they were sent; `__name__` among them. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly Sample[];
  readonly histograms: readonly WrittenHistogram[];
  readonly exemplars: readonly WrittenExemplar[];
  readonly help: string;
  readonly isCounter: boolean;
}

export interface Sample {
  readonly bits: bigint;
  readonly timeMs: bigint;
  /** 0 when unknown. */
  readonly startMs: bigint;
}

export interface WrittenExemplar {
  readonly labels: WrittenSeries['labels'];
  readonly value: number;
  readonly timeMs: bigint;
}

/** Runs of buckets: each begins `offset` buckets after the end of the last, and holds `length`. */
export interface BucketSpan {
  readonly offset: number;
  readonly length: number;
}

export interface WrittenHistogram {
  /** Whether its counts were sent as doubles, which need not be whole. */
  readonly isFloat: boolean;
  readonly count: number;
  readonly sum: number;
  readonly sumBits: bigint;
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly negative: Buckets;
  readonly positive: Buckets;
  readonly timeMs: bigint;
  readonly startMs: bigint;
  /** Of schema -53: upper bounds of its own, without +Inf. */
  readonly bounds: readonly number[];
  /** 0 unknown, 1 a reset, 2 none, 3 a gauge. */
  readonly resetHint: number;
}

export interface Buckets {
  readonly spans: readonly BucketSpan[];
  /** Absolute counts of the buckets in the spans. */
  readonly counts: readonly number[];
}
