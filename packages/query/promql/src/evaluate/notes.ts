import { positionAt, printPosition, type Span } from '@maru/query-core';

/** What a user should know about an answer, besides the answer; collected once a text. */
export interface Notes {
  /** Something is likely wrong. */
  warn(span: Span, message: string): void;
  /** Something may be unexpected. */
  info(span: Span, message: string): void;
}

/** The notes of a finished query, in the order they came up. */
export interface CollectedNotes {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** Clients show notes above the panel; more than this many help nobody. */
const maxNotes = 10;

/** Collects notes about one query, worded as Prometheus words them: `PromQL info: … (1:6)`. */
export function collectNotes(text: string): Notes & { collected(): CollectedNotes } {
  const warnings = new Set<string>();
  const infos = new Set<string>();
  const add = (to: Set<string>, prefix: string, span: Span, message: string) => {
    if (to.size < maxNotes) to.add(`${prefix}: ${message} (${printPosition(positionAt(text, span.start))})`);
  };
  return {
    warn: (span, message) => add(warnings, 'PromQL warning', span, message),
    info: (span, message) => add(infos, 'PromQL info', span, message),
    collected: () => ({ warnings: [...warnings], infos: [...infos] }),
  };
}
