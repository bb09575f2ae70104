/** Where each signal is looked for. Every address is without a slash at its end. */
export interface Stack {
  /** What `/api/v2/traces` is added to. */
  readonly tempo: string;
  /** What `/api/v1/query` is added to: of Mimir `http://mimir:9009/prometheus`. */
  readonly prometheus: string;
  /** What `/loki/api/v1` is added to. */
  readonly loki: string;
  /** Maru, whose ledger tells how far an item came; absent when others keep the telemetry. */
  readonly maru?: string;
  /** Headers of the queries, such as `authorization` or `x-scope-orgid`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Maru is all three at one address. */
export function maruAt(endpoint: string, headers: Readonly<Record<string, string>> = {}): Stack {
  return { tempo: endpoint, prometheus: endpoint, loki: endpoint, maru: endpoint, headers };
}

/** The system under proof. */
export interface Target {
  readonly stack: Stack;
  /** The Board's web front end, without a slash at the end. */
  readonly board: string;
  readonly adminPassword: string;
  /** How long each signal may take to be visible, in milliseconds. */
  readonly deadlineMs: number;
}

/** The one request that is followed through all three signals. */
export interface ProbeRequest {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The browser's two spans: the click, and the fetch, which the request's `traceparent` names; 16 hex digits. */
  readonly clickSpanId: string;
  readonly fetchSpanId: string;
  readonly sentUnixMs: number;
  /** The same moment on the monotonic clock, for durations. */
  readonly sentAt: number;
  readonly answeredUnixMs: number;
}
