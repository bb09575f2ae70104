import type { Signal } from '@maru/otlp';
import type { PromqlSettings, SeriesDeletion } from '@maru/promql';
import type { QueryCapacity } from '@maru/query-core';
import type { GroupState } from '@maru/rules';
import type { Reader } from '@maru/store';
import type { DoctorResponse, LedgerResponse, ScrapedTargets, StatusResponse } from './contract.ts';

/** A checked export request that was journaled, or how many items a follower has missed. */
export type TailFrame = { readonly request: Uint8Array } | { readonly dropped: number };

/** What the APIs need from the process that serves them. */
export interface ApiDependencies {
  readonly reader: Reader;
  /** The ledger as `/api/ledger` shows it. */
  ledger(): Promise<LedgerResponse>;
  /** What is scraped, as Prometheus's `/api/v1/targets` shows it; left out, nothing is. */
  targets?(): Promise<ScrapedTargets>;
  /**
   * Follows what is journaled of a signal from now on, until the signal is aborted or nobody reads on. Rejects with a
   * `RequestError` when there are too many followers. Left out, nothing can be followed.
   */
  follow?(signal: Signal, stop: AbortSignal): Promise<AsyncIterable<TailFrame>>;
  /** What the doctor finds; the endpoint answers 503 without it. */
  doctor?(): Promise<DoctorResponse>;
  /** The process's own metrics in Prometheus text format, for `/metrics`. */
  metricsText(): Promise<string>;
  /** Whether queries can be answered now; the reason is one sentence. */
  ready(): { readonly ready: boolean; readonly reason?: string };
  status(): StatusResponse;
  /** What differs from a default Prometheus 3 in PromQL. */
  readonly promql?: Partial<PromqlSettings>;
  /** What PromQL may use, shared by whatever asks in this process; by default that of one API alone. */
  readonly capacity?: QueryCapacity;
  /** The groups of rules as they stand; none when left out. */
  readonly rules?: () => readonly GroupState[];
  /** What deletes series; the endpoints that do answer 503 without it. */
  readonly admin?: SeriesDeletion;
  /** Told of errors that a user must not see in full; standard error by default. */
  readonly reportError?: (error: unknown) => void;
}
