/**
 * The shapes of the answers of Maru's own endpoints, for the console and other clients. Numbers beyond 2^53 are
 * decimal strings. The shapes under `/tempo`, `/loki` and `/prometheus` are those of their originals.
 */

import type { ActiveTarget, TargetsReport } from '@maru/scrape';

/** `GET /api/maru/status` */
export interface StatusResponse {
  readonly version: string;
  readonly startedUnixNano: string;
  readonly otlpHttpPort: number;
  readonly otlpGrpcPort: number;
}

/** `GET /api/maru/session`: whether a key is asked for, and whether whoever asks has shown one. */
export interface SessionResponse {
  readonly required: boolean;
  readonly signedIn: boolean;
}

/** `GET /api/maru/services?start&end` (Unix seconds) */
export interface ServicesResponse {
  readonly services: readonly ServiceSummary[];
}

/** A service's rate, errors and duration, over its entry spans (see `maru/services.ts`). */
export interface ServiceSummary {
  readonly name: string;
  readonly requestsPerSecond: number;
  /** 0 to 1. */
  readonly errorRatio: number;
  readonly p50Nanos: string;
  readonly p95Nanos: string;
  readonly p99Nanos: string;
  /** All of the service's spans in the range, entry spans or not. */
  readonly spans: string;
  /** About 30 over the range, oldest first; intervals without a request are left out. */
  readonly points: readonly ServicePoint[];
}

export interface ServicePoint {
  /** Start of the interval. */
  readonly timeUnixSeconds: number;
  readonly requests: number;
  readonly errors: number;
  readonly p95Nanos: string;
}

export type Signal = 'traces' | 'metrics' | 'logs';

/** `GET /api/ledger`: what became of every item since the data directory was made. */
export interface LedgerResponse {
  readonly signals: Readonly<Record<Signal, LedgerCounts>>;
  readonly services?: Readonly<Record<string, Readonly<Partial<Record<Signal, ServiceCounts>>>>>;
  readonly rejections: readonly Rejection[];
  /** Where telemetry is forwarded to, by name. */
  readonly destinations?: Readonly<Record<string, DestinationReport>>;
  /** received = rejected + journaled, and journaled = stored + dead + waiting, for each signal. */
  readonly balanced: boolean;
  /** The clock of the process that keeps the ledger, when it was asked. */
  readonly timeUnixNano?: string;
}

export interface LedgerCounts {
  readonly received: string;
  readonly rejected: string;
  readonly journaled: string;
  readonly stored: string;
  readonly dead: string;
  readonly waiting: string;
}

/** What became of the items that a destination should get. */
export interface DestinationReport {
  readonly signals: Readonly<Partial<Record<Signal, DestinationTotals>>>;
  /** Why it gets nothing at the moment; absent while all is well. */
  readonly trouble?: { readonly sinceTimeUnixNano: string; readonly detail: string };
}

/** offered = forwarded + rejected + failed + filtered + dropped + waiting */
export interface DestinationTotals {
  readonly offered: string;
  readonly forwarded: string;
  readonly rejected: string;
  readonly failed: string;
  readonly filtered: string;
  readonly dropped: string;
  readonly droppedBy: Readonly<Record<string, string>>;
  /** Spans that tail sampling decided before its time, because it held too many. */
  readonly early: string;
  readonly waiting: string;
}

export interface ServiceCounts {
  readonly journaled: string;
  readonly rejected: string;
  /** When the newest of it was journaled; absent until something has. */
  readonly lastTimeUnixNano?: string;
  /** How long it usually is from one request to the next. */
  readonly usualGapMillis?: number;
}

export interface Rejection {
  readonly timeUnixNano: string;
  readonly signal: Signal;
  readonly source: string;
  readonly reason: string;
  readonly field?: string;
  readonly count: string;
  readonly detail: string;
}

/** The data of `GET /api/v1/targets`, in Prometheus's shape. Times are RFC 3339, durations seconds or Prometheus's own (`15s`). */
export type ScrapedTargets = TargetsReport;

/** One target. */
export type ScrapedTarget = ActiveTarget;

/** `GET /api/maru/doubled?start&end` (Unix seconds; the last two minutes): services whose spans are stored twice. */
export interface DoubledResponse {
  readonly services: readonly DoubledService[];
}

export interface DoubledService {
  readonly name: string;
  readonly spans: string;
  /** Of them with an id of their own. */
  readonly distinct: string;
  /** Resources that they came with: more than one tells of a second way that changes them. */
  readonly resources: number;
}

/** `GET /api/maru/doctor`: what the doctor finds in what this stack can see. */
export interface DoctorResponse {
  readonly status: 'healthy' | 'findings' | 'could-not-look';
  readonly findings: readonly DoctorFinding[];
  readonly gaps: readonly DoctorGap[];
  readonly seen: { readonly pods: number; readonly nodes: number; readonly statements: number };
  /** The cluster that was looked at; empty when there is none to look at. */
  readonly cluster: string;
  readonly lookedUnixMillis: number;
}

/** A sentence in both languages. */
export interface DoctorText {
  readonly en: string;
  readonly ko: string;
}

/** One cause; `docs/reference/doctor.schema.json` says what each field means. */
export interface DoctorFinding {
  readonly id: string;
  readonly title: DoctorText;
  readonly certainty: 'certain' | 'likely' | 'possible';
  readonly step: string;
  readonly subjects: readonly string[];
  readonly about: string;
  readonly why: DoctorText;
  readonly evidence: readonly { readonly where: string; readonly text: string }[];
  readonly ruledOut: readonly { readonly name: DoctorText; readonly why: DoctorText }[];
  readonly fix: readonly { readonly say?: DoctorText; readonly run?: string }[];
  readonly follows: readonly {
    readonly id: string;
    readonly title: DoctorText;
    readonly subjects: readonly string[];
  }[];
}

/** What could not be seen, and the permission that would show it. */
export interface DoctorGap {
  readonly text: DoctorText;
  readonly permission?: {
    readonly verb: string;
    readonly resource: string;
    readonly namespace: string;
  };
}
