import type { ForwardSettings } from '@maru/forward';
import type { Signal } from '@maru/otlp';
import { defaultNaming, type SeriesNaming } from '@maru/otlp/prometheus';
import { type CapacityOptions, defaultConcurrency, defaultQueryLimits } from '@maru/query-core';
import type { ScrapeJob } from '@maru/scrape';

/**
 * What the stack's two processes run with. The parent resolves it once (flags, environment, defaults) and hands
 * it to each child as JSON in `MARU_SETTINGS`; a child never reads anything else.
 */
export interface Settings {
  /** Absolute path; holds the journal, the engine's files and the ledger. One intake and one engine a directory. */
  readonly dataDir: string;
  /** Address the OTLP doors listen on. Loopback unless told otherwise. */
  readonly host: string;
  /** Address of the console and the query APIs. Loopback unless told otherwise. */
  readonly consoleHost: string;
  /** TLS on the OTLP doors, the console and the query APIs; left out, they speak plain HTTP. */
  readonly tls?: TlsFiles;
  /** OTLP over HTTP. */
  readonly otlpHttpPort: number;
  /** OTLP over gRPC. */
  readonly otlpGrpcPort: number;
  /** Console and query APIs. */
  readonly httpPort: number;
  /** Origins that browsers may send OTLP from, exact or with a `*` label; none by default. */
  readonly corsOrigins: readonly string[];
  /** Request body limit after decompression, in bytes (OTLP 1.11 recommends 64 MiB). */
  readonly maxRequestBytes: number;
  /** `always`: acknowledge after fdatasync; `interval`: fdatasync every 100 ms, acknowledge after the write. */
  readonly fsync: 'always' | 'interval';
  /** Bytes the journal may hold for a store that is away before new data gets 503. */
  readonly maxBacklogBytes: number;
  /** Where telemetry is sent on to; nowhere when left out. */
  readonly forward?: ForwardSettings;
  /** Series that may be active at a time, for each tenant; further ones are rejected. 0 for no limit. */
  readonly maxActiveSeries: number;
  /** Days that data is kept. */
  readonly retentionDays: number;
  /** How often samples of gauges and counters are packed, in milliseconds; 0 for never. */
  readonly packIntervalMs: number;
  /** A ClickHouse server that keeps the data, as `clickhouse://…`; left out, the engine in the engine's process does. */
  readonly storeUrl?: string;
  /** What PromQL queries may use. */
  readonly query: CapacityOptions;
  /** Memory the engine may use in bytes, queries and merges together. */
  readonly engineMemoryBytes: number;
  /** Whether PromQL has the functions and the syntax that a default Prometheus 3 has switched off. */
  readonly promqlExperimental: boolean;
  /** Whether PromQL drops metric names only from the end result, as Prometheus's feature of that name does. */
  readonly promqlDelayedNameRemoval: boolean;
  /** How series of OTLP metrics are named. */
  readonly naming: SeriesNaming;
  /** Rules: where their files lie, and whom alerts are told. */
  readonly rules: RuleSettings;
  /** Whether the API that deletes series answers, which a key that reads opens, too. */
  readonly adminApi: boolean;
  /** Targets that are scraped as Prometheus scrapes them. */
  readonly scrapeJobs: readonly ScrapeJob[];
  /** A configuration of Prometheus whose jobs are scraped, too; absolute. It is read again when it changes. */
  readonly prometheusFile?: string;
  /** Keys of senders and readers beside those that are made by `./maru key create`. */
  readonly keys: readonly ConfiguredKey[];
  /** Left out, all that is sent belongs together. */
  readonly tenants?: TenantSettings;
  /** Whether the stack sends its own telemetry (service `maru`) to itself. */
  readonly selfTelemetry: boolean;
}

/** A key whose secret lies in a file, as Kubernetes mounts a Secret. The file is read anew when it changes. */
export interface ConfiguredKey {
  readonly name: string;
  /** Absolute. */
  readonly secretPath: string;
  /** What may be sent with it; left out, everything, or nothing where it reads. */
  readonly signals?: readonly Signal[];
  /** Whether queries may be asked with it. */
  readonly reads?: boolean;
  readonly rate?: KeyRate;
  /** Whose data it is, where keys tell tenants apart. */
  readonly tenant?: string;
}

/** How much a key may send, over time. */
export interface KeyRate {
  readonly itemsPerSecond?: number;
  /** Of requests after decompression. */
  readonly bytesPerSecond?: number;
}

/** How data of several tenants is kept apart. */
export interface TenantSettings {
  /** `header`: X-Scope-OrgID tells, so whatever stands before the ports must set it. `key`: the key that is shown tells. */
  readonly by: 'header' | 'key';
  /** The tenant of requests without a header; left out, they are refused. */
  readonly default?: string;
  /** More are refused. Each costs the engine about 1 MiB, and 0.15 % of a core when it is idle. */
  readonly most: number;
}

/** What the engine evaluates on time. */
export interface RuleSettings {
  /** Patterns of absolute paths. */
  readonly files: readonly string[];
  /** The same for tenants beside the first, by their names. */
  readonly tenantFiles: Readonly<Record<string, readonly string[]>>;
  /** How often groups are evaluated that do not say so themselves. */
  readonly intervalMs: number;
  /** Where people reach the console; links in alerts begin with it. */
  readonly externalUrl: string;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly destinations: readonly {
    readonly kind: 'alertmanager' | 'webhook' | 'slack';
    readonly url: string;
  }[];
}

/** Where the PEM files of TLS lie, each an absolute path. They are read again when they change. */
export interface TlsFiles {
  /** The server's certificate, followed by those that lead to its authority. */
  readonly certPath: string;
  /** Its key, without a passphrase. */
  readonly keyPath: string;
  /** Authorities of clients: when given, every client must show a certificate of one of them. */
  readonly clientCaPath?: string;
}

export const defaultSettings: Omit<Settings, 'dataDir'> = {
  host: '127.0.0.1',
  consoleHost: '127.0.0.1',
  otlpHttpPort: 4318,
  otlpGrpcPort: 4317,
  httpPort: 3000,
  corsOrigins: [],
  maxRequestBytes: 64 * 1024 * 1024,
  fsync: 'always',
  maxBacklogBytes: 4 * 1024 * 1024 * 1024,
  maxActiveSeries: 1_000_000,
  retentionDays: 15,
  packIntervalMs: 3_600_000,
  query: { ...defaultQueryLimits, concurrency: defaultConcurrency },
  engineMemoryBytes: 1024 * 1024 * 1024,
  promqlExperimental: false,
  promqlDelayedNameRemoval: false,
  naming: defaultNaming,
  rules: {
    files: [],
    tenantFiles: {},
    intervalMs: 60_000,
    externalUrl: '',
    externalLabels: {},
    destinations: [],
  },
  adminApi: false,
  keys: [],
  scrapeJobs: [],
  selfTelemetry: true,
};

/** Name of the variable that carries the settings from the parent to a child. */
export const settingsVariable = 'MARU_SETTINGS';

/** Reads the parent's settings. Throws one sentence when they are absent or not JSON. */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Settings {
  const text = environment[settingsVariable];
  if (text === undefined) {
    throw new Error(`${settingsVariable} is not set: start the stack with ./maru serve, which sets it`);
  }
  return { ...defaultSettings, ...(JSON.parse(text) as Settings) };
}
