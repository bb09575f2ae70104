import { quoted } from './quote.ts';

/** What the builder of the Logs page holds; absent means "any". */
export interface LogFilter {
  readonly service?: string | undefined;
  readonly level?: string | undefined;
  /** Text that a line must contain, exactly. */
  readonly text?: string | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** Loki refuses a selector without a matcher that excludes the empty string; this is its usual "everything". */
const everything = '{service_name=~".+"}';

/** The LogQL query of a filter. */
export function logqlOf(filter: LogFilter): string {
  const parts = [
    filter.service ? `{service_name=${quoted(filter.service)}}` : everything,
    filter.text && `|= ${quoted(filter.text)}`,
    filter.level && `| detected_level=${quoted(filter.level)}`,
    filter.traceId && `| trace_id=${quoted(filter.traceId)}`,
    filter.spanId && `| span_id=${quoted(filter.spanId)}`,
  ];
  return parts.filter((part) => part).join(' ');
}

/** How many lines of a log query fell into each step, by level. */
export function volumeQuery(logQuery: string, stepSeconds: number): string {
  return `sum by (detected_level) (count_over_time(${logQuery} [${stepSeconds}s]))`;
}

const lineFilter = /\|=\s*("(?:[^"\\]|\\.)*"|`[^`]*`)/g;

/** The texts that a query's `|=` filters look for, to be marked in the lines. */
export function searchedTexts(logQuery: string): readonly string[] {
  return [...logQuery.matchAll(lineFilter)]
    .map((match) => unquoted(match[1] ?? ''))
    .filter((text) => text !== '');
}

function unquoted(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    // Go knows escapes that JSON does not (\x41): such a text is not marked, the query itself is unharmed.
    return '';
  }
}
