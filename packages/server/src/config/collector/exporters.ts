import {
  boolean,
  defaulted,
  duration,
  fields,
  given,
  httpUrl,
  integer,
  type Kind,
  mapOf,
  name,
  oneOf,
  optional,
  required,
  text,
} from '@maru/config';
import { type DestinationSettings, destinationDefaults } from '@maru/forward';
import type { Signal } from '@maru/otlp';
import type { Translations } from './component.ts';

/** What an exporter becomes; `undefined` where nothing has to be sent. */
export interface Exporter {
  readonly destination:
    | (Omit<DestinationSettings, 'name' | 'endpoints' | 'processors'> & {
        readonly endpointOf: (signal: Signal) => string;
      })
    | undefined;
  /** Those that it can send; all when left out. */
  readonly signals?: readonly Signal[];
  readonly notes: readonly string[];
}

interface TlsConfig {
  readonly insecure: boolean;
  readonly ca_file: string | undefined;
  readonly cert_file: string | undefined;
  readonly key_file: string | undefined;
  readonly server_name_override: string | undefined;
}

const noTls: TlsConfig = {
  insecure: false,
  ca_file: undefined,
  cert_file: undefined,
  key_file: undefined,
  server_name_override: undefined,
};

const tls: Kind<TlsConfig> = fields({
  insecure: defaulted(boolean, false, '', ''),
  ca_file: optional(name, ''),
  cert_file: optional(name, ''),
  key_file: optional(name, ''),
  server_name_override: optional(name, ''),
});

interface RetryConfig {
  readonly enabled: true;
  readonly initial_interval: number;
  readonly max_interval: number;
}

const retryDefaults: RetryConfig = { enabled: true, initial_interval: 5_000, max_interval: 30_000 };

const always: Kind<true> = {
  expected: 'true',
  read: (node, path, problems) => {
    const value = boolean.read(node, path, problems);
    if (value === false)
      return problems.add(
        node.place,
        `${path}: false has no counterpart in Maru, which repeats what may be repeated`,
      );
    return value;
  },
};

const retry: Kind<RetryConfig> = fields({
  enabled: defaulted(always, true as const, '', ''),
  initial_interval: defaulted(duration, retryDefaults.initial_interval, '', ''),
  max_interval: defaulted(duration, retryDefaults.max_interval, '', ''),
  max_elapsed_time: optional(duration, ''),
  multiplier: optional(text, ''),
  randomization_factor: optional(text, ''),
});

interface QueueConfig {
  readonly num_consumers: number;
}

const queueDefaults: QueueConfig = { num_consumers: 10 };

const queue: Kind<QueueConfig> = fields({
  enabled: defaulted(always, true as const, '', ''),
  num_consumers: defaulted(integer(1, 64), queueDefaults.num_consumers, '', ''),
  queue_size: optional(integer(0), ''),
  storage: optional(name, ''),
  block_on_overflow: optional(boolean, ''),
});

interface CommonConfig {
  readonly headers: ReadonlyMap<string, string>;
  readonly tls: TlsConfig;
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly timeout: number;
  readonly retry_on_failure: RetryConfig;
  readonly sending_queue: QueueConfig;
}

const common = (timeoutMs: number) =>
  ({
    headers: defaulted(mapOf(text), new Map<string, string>(), '', ''),
    tls: defaulted(tls, noTls, '', ''),
    compression: defaulted(oneOf<CommonConfig['compression']>('none', 'gzip', 'zstd'), 'gzip', '', ''),
    timeout: defaulted(duration, timeoutMs, '', ''),
    retry_on_failure: defaulted(retry, retryDefaults, '', ''),
    sending_queue: defaulted(queue, queueDefaults, '', ''),
  }) as const;

interface GrpcConfig extends CommonConfig {
  readonly endpoint: string;
}

const grpc: Kind<GrpcConfig> = fields({ endpoint: required(name, ''), ...common(5_000) });

interface HttpConfig extends CommonConfig {
  readonly endpoint: string | undefined;
  readonly traces_endpoint: string | undefined;
  readonly metrics_endpoint: string | undefined;
  readonly logs_endpoint: string | undefined;
}

const http: Kind<HttpConfig> = fields({
  endpoint: optional(httpUrl, ''),
  traces_endpoint: optional(httpUrl, ''),
  metrics_endpoint: optional(httpUrl, ''),
  logs_endpoint: optional(httpUrl, ''),
  encoding: defaulted(oneOf('proto'), 'proto', '', ''),
  ...common(30_000),
});

interface RemoteWriteConfig extends Omit<CommonConfig, 'compression' | 'sending_queue'> {
  readonly endpoint: string;
  readonly external_labels: ReadonlyMap<string, string>;
  readonly target_info: { readonly enabled: boolean };
  readonly protobuf_message: (typeof messages)[number];
}

const messages = ['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'] as const;

const { headers, tls: tlsField, timeout, retry_on_failure } = common(5_000);

/** A setting that has only one counterpart here. */
function only(value: boolean, why: string): Kind<boolean> {
  return {
    expected: String(value),
    read: (node, path, problems) => {
      const read = boolean.read(node, path, problems);
      if (read === undefined || read === value) return read;
      return problems.add(node.place, `${path}: ${read} has no counterpart in Maru: ${why}`);
    },
  };
}

const enabled = (kind: Kind<boolean>, fallback: boolean): Kind<{ readonly enabled: boolean }> =>
  fields({ enabled: defaulted(kind, fallback, '', '') });

const remoteWrite: Kind<RemoteWriteConfig> = fields({
  endpoint: required(httpUrl, ''),
  headers,
  tls: tlsField,
  timeout,
  retry_on_failure,
  external_labels: defaulted(mapOf(text), new Map<string, string>(), '', ''),
  target_info: defaulted(enabled(boolean, true), { enabled: true }, '', ''),
  add_metric_suffixes: defaulted(
    only(true, 'names are those that queries show, which otlp.translation_strategy sets for all'),
    true,
    '',
    '',
  ),
  resource_to_telemetry_conversion: optional(
    enabled(only(false, 'otlp.promote_resource_attributes names those that become labels'), false),
    '',
  ),
  send_metadata: optional(boolean, ''),
  max_batch_size_bytes: optional(integer(1), ''),
  remote_write_queue: optional(
    fields({
      enabled: defaulted(always, true as const, '', ''),
      queue_size: optional(integer(0), ''),
      num_consumers: optional(integer(1), ''),
    }),
    '',
  ),
  protobuf_message: defaulted(oneOf(...messages), messages[0], '', ''),
});

const debug: Kind<object> = fields({
  verbosity: optional(text, ''),
  sampling_initial: optional(integer(0), ''),
  sampling_thereafter: optional(integer(0), ''),
});

const grpcExporter: Translations<Exporter>[string] = (node, path, problems) => {
  const read = grpc.read(node, path, problems);
  if (read === undefined) return undefined;
  const endpoint = grpcAddress(read.endpoint, read.tls.insecure);
  return { destination: { ...destinationOf(read, 'grpc'), endpointOf: () => endpoint }, notes: notes() };
};

/** As the Collector reads it: a scheme decides on TLS; without one, `tls.insecure` does. */
function grpcAddress(endpoint: string, insecure: boolean): string {
  if (/^https?:\/\//.test(endpoint)) return endpoint;
  return `${insecure ? 'http' : 'https'}://${endpoint.replace(/^dns:\/+/, '')}`;
}

const httpExporter: Translations<Exporter>[string] = (node, path, problems) => {
  const read = http.read(node, path, problems);
  if (read === undefined) return undefined;
  const own = { traces: read.traces_endpoint, metrics: read.metrics_endpoint, logs: read.logs_endpoint };
  if (read.endpoint === undefined && Object.values(own).every((one) => one === undefined))
    return problems.add(node.place, `${path}.endpoint is missing`);
  const endpointOf = (signal: Signal): string => own[signal] ?? `${read.endpoint ?? ''}/v1/${signal}`;
  return { destination: { ...destinationOf(read, 'http'), endpointOf }, notes: notes() };
};

const remoteWriteExporter: Translations<Exporter>[string] = (node, path, problems) => {
  const read = remoteWrite.read(node, path, problems);
  if (read === undefined) return undefined;
  const common = { ...read, compression: destinationDefaults.compression, sending_queue: queueDefaults };
  const destination = {
    ...destinationOf(common, 'remote_write'),
    remoteWrite: {
      ...destinationDefaults.remoteWrite,
      version: read.protobuf_message === messages[1] ? (2 as const) : (1 as const),
      targetInfo: read.target_info.enabled,
      externalLabels: Object.fromEntries(read.external_labels),
    },
    endpointOf: () => read.endpoint,
  };
  const labels = 'series have the labels that queries here show: otlp.promote_resource_attributes names them';
  return { destination, signals: ['metrics'], notes: [...notes(), labels] };
};

function destinationOf(
  read: CommonConfig,
  protocol: DestinationSettings['protocol'],
): Omit<DestinationSettings, 'name' | 'endpoints' | 'processors'> {
  const { ca_file, cert_file, key_file, server_name_override } = read.tls;
  return {
    ...destinationDefaults,
    protocol,
    headers: Object.fromEntries([...read.headers].map(([key, value]) => [key.toLowerCase(), value])),
    compression: read.compression,
    tls: given({
      caPath: ca_file,
      certPath: cert_file,
      keyPath: key_file,
      serverName: server_name_override,
    }),
    timeoutMs: read.timeout,
    concurrency: read.sending_queue.num_consumers,
    retry: { firstMs: read.retry_on_failure.initial_interval, longestMs: read.retry_on_failure.max_interval },
  };
}

function notes(): readonly string[] {
  return ['what it cannot take waits in the journal, on disk, and is tried again until it succeeds'];
}

export const exporters: Translations<Exporter> = {
  otlp: grpcExporter,
  otlp_grpc: grpcExporter,
  otlphttp: httpExporter,
  otlp_http: httpExporter,
  prometheusremotewrite: remoteWriteExporter,
  debug: (node, path, problems) => {
    const read = debug.read(node, path, problems);
    return read && { destination: undefined, notes: ['everything is stored and shown in the console'] };
  },
};
