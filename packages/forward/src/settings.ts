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
  readonly protocol: 'http' | 'grpc' | 'remote_write';
  /** The signals that it takes, each with its whole address: of gRPC without a path, of all else with it. */
  readonly endpoints: Readonly<Partial<Record<Signal, string>>>;
  /** Sent with each request; secrets among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of OTLP; remote write always has Snappy. */
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
  /** What only remote write has. */
  readonly remoteWrite: RemoteWriteSettings;
  /** In the order in which they work. */
  readonly processors: readonly ProcessorSettings[];
}

export type Compression = 'none' | 'gzip' | 'zstd';

/** What is written to a receiver of Prometheus's remote write. */
export interface RemoteWriteSettings {
  /** 1: `prometheus.WriteRequest`, 2: `io.prometheus.write.v2.Request`. */
  readonly version: 1 | 2;
  readonly exemplars: boolean;
  /** Whether exponential and native histograms are sent; a receiver that does not know them refuses whole requests. */
  readonly nativeHistograms: boolean;
  /** Whether each resource has a series `target_info` with all of its attributes. */
  readonly targetInfo: boolean;
  /** Added to each series that has none of that name. */
  readonly externalLabels: Readonly<Record<string, string>>;
}

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
