import { millisOfNanos } from './format.ts';

/** What a search answers about a trace, as far as the table reads it. */
interface SearchedTrace {
  readonly traceID: string;
  readonly rootServiceName?: string;
  readonly rootTraceName?: string;
  readonly startTimeUnixNano?: string;
  readonly durationMs?: number;
  readonly spanSets?: readonly {
    readonly spans?: readonly { readonly durationNanos?: string }[];
    readonly matched?: number;
  }[];
  readonly serviceStats?: Readonly<
    Record<string, { readonly spanCount?: number; readonly errorCount?: number }>
  >;
}

/** A found trace as a row of the table. */
export interface FoundTraceRow {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly rootService: string;
  readonly rootName: string;
  readonly isRootMissing: boolean;
  readonly startMillis: number;
  readonly durationNanos: number;
  readonly spans: number;
  readonly errors: number;
  /** Most spans first. */
  readonly services: readonly { readonly name: string; readonly spans: number }[];
}

/** Tempo's name for a root that has not arrived. */
const missingRoot = '<root span not yet received>';

/** The row of a found trace; zeros that proto-JSON leaves out are put back. */
export function foundTraceRow(trace: SearchedTrace): FoundTraceRow {
  const stats = Object.entries(trace.serviceStats ?? {});
  const matched = (trace.spanSets ?? []).reduce(
    (sum, set) => sum + (set.matched ?? set.spans?.length ?? 0),
    0,
  );
  const services = stats.map(([name, { spanCount = 0 }]) => ({ name, spans: spanCount }));
  return {
    traceId: trace.traceID.padStart(32, '0'),
    rootService: trace.rootServiceName ?? '',
    rootName: trace.rootTraceName ?? '',
    isRootMissing: trace.rootServiceName === missingRoot,
    startMillis: millisOfNanos(trace.startTimeUnixNano ?? '0'),
    durationNanos: durationNanos(trace),
    spans: stats.length > 0 ? services.reduce((sum, { spans }) => sum + spans, 0) : matched,
    errors: stats.reduce((sum, [, { errorCount = 0 }]) => sum + errorCount, 0),
    services: services.sort((a, b) => b.spans - a.spans),
  };
}

/** Search knows whole milliseconds; of a trace shorter than one, its longest returned span says more. */
function durationNanos(trace: SearchedTrace): number {
  if (trace.durationMs) return trace.durationMs * 1e6;
  const spans = (trace.spanSets ?? []).flatMap((set) => set.spans ?? []);
  return Math.max(0, ...spans.map((span) => Number(span.durationNanos ?? 0)));
}
