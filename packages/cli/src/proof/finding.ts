/** What came of looking for one signal. */
export type Finding<Found extends object> =
  | ({ readonly ok: true; readonly found: string; readonly visibleAfterMs: number } & Found)
  | { readonly ok: false; readonly missing: string; readonly lastSeen: string; readonly checkNext: string };

export interface TraceFound {
  readonly traceId: string;
  readonly spans: number;
  /** Services in the order they began, then the database. */
  readonly services: readonly string[];
}

export interface MetricFound {
  readonly metric: string;
  readonly movedBy: number;
}

export interface LogFound {
  readonly traceId: string;
  readonly records: number;
}

/** The three findings of one proof. `ok` only when all three are. */
export interface Proof {
  readonly ok: boolean;
  readonly signals: {
    readonly traces: Finding<TraceFound>;
    readonly metrics: Finding<MetricFound>;
    readonly logs: Finding<LogFound>;
  };
}
