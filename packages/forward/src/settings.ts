import type { Signal } from '@maru/otlp';
import type { ProcessorSettings } from './processors/table.ts';

/** What is forwarded, and whither. */
export interface ForwardSettings {
  readonly destinations: readonly DestinationSettings[];
  /** Bytes of the journal that may be kept for destinations alone; beyond, the oldest are given up. */
  readonly maxHeldBytes: number;
}

/** One place that telemetry is sent on to. */
export interface DestinationSettings {
  readonly name: string;
  readonly protocol: 'http' | 'grpc';
  /** The signals that it takes, each with its whole address: of OTLP/HTTP with the path, of gRPC without. */
  readonly endpoints: Readonly<Partial<Record<Signal, string>>>;
  /** Sent with each request; secrets among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
  readonly tls: DestinationTls;
  /** For one request until its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** A request is sent when it has so many bytes, before compression, or when its oldest item has waited so long. */
  readonly batchBytes: number;
  readonly batchWaitMs: number;
  /** Requests under way at a time for each signal; metrics always have one, since receivers refuse samples out of order. */
  readonly concurrency: number;
  readonly retry: RetrySettings;
  /** Bytes of dead letters to keep; what is refused beyond is counted and not kept. */
  readonly maxDeadBytes: number;
  /** In the order in which they work. */
  readonly processors: readonly ProcessorSettings[];
}

export type Compression = 'none' | 'gzip' | 'zstd';

/** Files in PEM; absolute paths. */
export interface DestinationTls {
  /** Authorities to trust instead of the machine's. */
  readonly caPath?: string;
  /** The client's certificate, with its chain, and its key. */
  readonly certPath?: string;
  readonly keyPath?: string;
  /** The name that the server's certificate must have, where it is not the endpoint's. */
  readonly serverName?: string;
}

/** Pauses between attempts double from the first to the longest, each shortened by up to a half at random. */
export interface RetrySettings {
  readonly firstMs: number;
  readonly longestMs: number;
}
