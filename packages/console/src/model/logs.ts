import { millisOfNanos } from './format.ts';

/** A stream of Loki's answer with categorised labels. */
export interface LokiStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [string, string, LokiLabels?])[];
}
interface LokiLabels {
  readonly structuredMetadata?: Readonly<Record<string, string>>;
  readonly parsed?: Readonly<Record<string, string>>;
}

/** One line of log. */
export interface LogRecord {
  /** Distinguishes the line among those of one answer, also across refreshes. */
  readonly key: string;
  readonly timeUnixNano: string;
  readonly timeMillis: number;
  readonly line: string;
  readonly level: Level;
  readonly service: string;
  /** Empty when the line belongs to no trace. */
  readonly traceId: string;
  readonly spanId: string;
  /** Index labels, structured metadata and parsed labels together. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Worst first, as the volume's legend lists them. */
export const levels = ['fatal', 'critical', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'] as const;
export type Level = (typeof levels)[number];

/** A level as Loki's `detected_level` names it; everything else is unknown. */
export function levelOf(text: string | undefined): Level {
  return levels.find((level) => level === text) ?? 'unknown';
}

/** The lines of every stream, newest first. */
export function logRecords(streams: readonly LokiStream[]): readonly LogRecord[] {
  const records = streams.flatMap(({ stream, values }) => values.map((value) => recordOf(stream, value)));
  return distinct(records.sort((a, b) => compareNanos(b.timeUnixNano, a.timeUnixNano)));
}

function recordOf(
  stream: Readonly<Record<string, string>>,
  [nanos, line, categories]: LokiStream['values'][number],
): LogRecord {
  const labels = { ...stream, ...categories?.structuredMetadata, ...categories?.parsed };
  return {
    key: '',
    timeUnixNano: nanos,
    timeMillis: millisOfNanos(nanos),
    line,
    level: levelOf(labels.detected_level),
    service: labels.service_name ?? '',
    traceId: labels.trace_id ?? '',
    spanId: labels.span_id ?? '',
    labels,
  };
}

/** Nanoseconds as text compare by length, then by digits: no big integers for thousands of lines. */
function compareNanos(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Lines of one service at one nanosecond are told apart by their count. */
function distinct(records: readonly LogRecord[]): readonly LogRecord[] {
  const seen = new Map<string, number>();
  return records.map((record) => {
    const base = `${record.timeUnixNano} ${record.service}`;
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    return { ...record, key: `${base} ${count}` };
  });
}
