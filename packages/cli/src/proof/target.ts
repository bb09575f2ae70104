/** The system under proof. */
export interface Target {
  /** The stack's query APIs, without a slash at the end: `http://127.0.0.1:3000`. */
  readonly endpoint: string;
  /** The Board's web front end, likewise. */
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
