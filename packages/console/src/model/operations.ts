/** A span of a search answer, as far as statistics need it. */
export interface SampledSpan {
  readonly spanId: string;
  readonly name: string;
  readonly durationNanos: number;
}

/** What a sample of spans says about one operation. */
export interface Operation {
  readonly name: string;
  readonly count: number;
  readonly errors: number;
  readonly p50Nanos: number;
  readonly p95Nanos: number;
}

/** The operations of a sample, most frequent first. `failed` holds the ids of the spans with an error. */
export function operationsOf(
  spans: readonly SampledSpan[],
  failed: ReadonlySet<string>,
): readonly Operation[] {
  return [...Map.groupBy(spans, (span) => span.name)]
    .map(([name, group]) => operationOf(name, group, failed))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function operationOf(name: string, spans: readonly SampledSpan[], failed: ReadonlySet<string>): Operation {
  const durations = spans.map((span) => span.durationNanos).sort((a, b) => a - b);
  return {
    name,
    count: spans.length,
    errors: spans.filter((span) => failed.has(span.spanId)).length,
    p50Nanos: quantile(durations, 0.5),
    p95Nanos: quantile(durations, 0.95),
  };
}

/** The value at the given share of an ascending list (nearest rank); NaN when the list is empty. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? Number.NaN;
}
