import {
  boolean,
  bytes,
  defaulted,
  duration,
  fields,
  given,
  httpUrl,
  integer,
  type Kind,
  list,
  mapOf,
  name,
  oneOf,
  optional,
  required,
  text,
} from '@maru/config';
import { type Signal, signals } from '@maru/otlp';
import { type ProcessorSettings, processorKind } from './processors/table.ts';
import type { Compression, DestinationSettings, ForwardSettings, RemoteWriteSettings } from './settings.ts';

interface TlsConfig {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly server_name: string | undefined;
}

const tls: Kind<TlsConfig> = fields({
  ca: optional(name, "Authorities in PEM to trust instead of the machine's."),
  cert: optional(name, "The client's certificate in PEM, for destinations that ask for one."),
  key: optional(name, 'Its key in PEM, without a passphrase.'),
  server_name: optional(
    name,
    "The name that the destination's certificate has, where it is not the endpoint's.",
  ),
});

interface BasicConfig {
  readonly username: string;
  readonly password: string;
}

const basic: Kind<BasicConfig> = fields({
  username: required(name, 'The user.'),
  password: required(text, 'The password; better a variable than the password itself.'),
});

interface RetryConfig {
  readonly first: number;
  readonly longest: number;
}

const retryDefaults: RetryConfig = { first: 500, longest: 30_000 };

const retry: Kind<RetryConfig> = fields({
  first: defaulted(
    duration,
    retryDefaults.first,
    '500ms',
    'Pause before the second attempt; it doubles with each.',
  ),
  longest: defaulted(duration, retryDefaults.longest, '30s', 'The longest pause. There is no last attempt.'),
});

interface BatchConfig {
  readonly size: number;
  readonly wait: number;
}

const batchDefaults: BatchConfig = { size: 1024 * 1024, wait: 200 };

const batch: Kind<BatchConfig> = fields({
  size: defaulted(
    bytes,
    batchDefaults.size,
    '1MiB',
    'A request is sent when it has so many bytes, before compression.',
  ),
  wait: defaulted(
    duration,
    batchDefaults.wait,
    '200ms',
    'A request is sent when its first item has waited so long.',
  ),
});

interface RemoteWriteConfig {
  readonly version: number;
  readonly exemplars: boolean;
  readonly native_histograms: boolean;
  readonly target_info: boolean;
  readonly external_labels: ReadonlyMap<string, string>;
}

const remoteWriteDefaults: RemoteWriteConfig = {
  version: 1,
  exemplars: true,
  native_histograms: true,
  target_info: true,
  external_labels: new Map(),
};

const remoteWrite: Kind<RemoteWriteConfig> = fields({
  version: defaulted(
    integer(1, 2),
    remoteWriteDefaults.version,
    '1',
    '1, which every receiver takes, or 2, whose receivers say how much they wrote.',
  ),
  exemplars: defaulted(boolean, remoteWriteDefaults.exemplars, 'true', 'Whether exemplars are sent.'),
  native_histograms: defaulted(
    boolean,
    remoteWriteDefaults.native_histograms,
    'true',
    'Whether exponential and native histograms are sent; without, they are dropped (`native_histogram`). A Prometheus that has them switched off answers 500 to all that is sent with one.',
  ),
  target_info: defaulted(
    boolean,
    remoteWriteDefaults.target_info,
    'true',
    'Whether each resource has a series `target_info` with all of its attributes.',
  ),
  external_labels: defaulted(
    mapOf(text),
    remoteWriteDefaults.external_labels,
    'none',
    'Labels for every series that has none of that name.',
  ),
});

/** What a destination is without further settings, but for its name, its endpoints and its processors. */
export const destinationDefaults: Omit<DestinationSettings, 'name' | 'endpoints' | 'processors'> = {
  protocol: 'http',
  headers: {},
  compression: 'gzip',
  tls: {},
  timeoutMs: 10_000,
  batchBytes: batchDefaults.size,
  batchWaitMs: batchDefaults.wait,
  concurrency: 4,
  retry: { firstMs: retryDefaults.first, longestMs: retryDefaults.longest },
  maxDeadBytes: 1024 * 1024 * 1024,
  remoteWrite: remoteWriteSettings(remoteWriteDefaults),
};

interface DestinationConfig {
  readonly endpoint: string;
  readonly endpoints: ReadonlyMap<string, string>;
  readonly protocol: DestinationSettings['protocol'];
  readonly signals: readonly Signal[] | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly bearer: string | undefined;
  readonly basic: BasicConfig | undefined;
  readonly tls: TlsConfig | undefined;
  readonly compression: Compression | undefined;
  readonly remote_write: RemoteWriteConfig | undefined;
  readonly timeout: number;
  readonly batch: BatchConfig;
  readonly concurrency: number;
  readonly retry: RetryConfig;
  readonly max_dead: number;
  readonly processors: readonly ProcessorSettings[];
}

const destination: Kind<DestinationConfig> = fields({
  endpoint: required(
    httpUrl,
    'Where it is. Of OTLP/HTTP the address before `/v1/traces`: `http://tempo:4318`, `http://mimir:8080/otlp`, `http://loki:3100/otlp`. Of remote write the whole address: `http://prometheus:9090/api/v1/write`.',
  ),
  endpoints: defaulted(
    mapOf(httpUrl),
    new Map<string, string>(),
    'none',
    'Other addresses for single signals, whole: `traces: http://tempo:4318/v1/traces`.',
  ),
  protocol: defaulted(
    oneOf<DestinationSettings['protocol']>('http', 'grpc', 'remote_write'),
    'http',
    'http',
    "OTLP/HTTP (protobuf), OTLP/gRPC, or Prometheus's remote write.",
  ),
  signals: optional(
    list(oneOf<Signal>(...signals)),
    'What it gets; all that the protocol has when left out.',
  ),
  headers: defaulted(
    mapOf(text),
    new Map<string, string>(),
    'none',
    'Headers of each request, such as `X-Scope-OrgID`.',
  ),
  bearer: optional(
    text,
    'A token, sent as `Authorization: Bearer`; better a variable than the token itself.',
  ),
  basic: optional(basic, 'A user and password, sent as `Authorization: Basic`.'),
  tls: optional(tls, 'For `https` endpoints.'),
  compression: optional(
    oneOf<Compression>('none', 'gzip', 'zstd'),
    'Of OTLP; gzip when left out. Remote write always has Snappy.',
  ),
  remote_write: optional(remoteWrite, 'What only remote write has.'),
  timeout: defaulted(duration, destinationDefaults.timeoutMs, '10s', 'For a request until its answer.'),
  batch: defaulted(batch, batchDefaults, '', 'How much is sent at once.'),
  concurrency: defaulted(
    integer(1, 64),
    destinationDefaults.concurrency,
    '4',
    'Requests under way at a time for each signal. Metrics always have one: receivers refuse samples out of order.',
  ),
  retry: defaulted(retry, retryDefaults, '', 'What happens when it is away or asks to wait.'),
  max_dead: defaulted(
    bytes,
    destinationDefaults.maxDeadBytes,
    '1GiB',
    'Dead letters to keep: requests that it refused for good. Beyond, they are counted as dropped (`dead_cap`).',
  ),
  processors: defaulted(
    list(processorKind),
    [],
    'none',
    'Steps that change or leave out items, in their order. Without any, nothing is decoded.',
  ),
});

interface ForwardConfig {
  readonly to: ReadonlyMap<string, DestinationConfig>;
  readonly max_backlog: number;
}

const destinationName = /^[a-z0-9][a-z0-9_-]{0,39}$/;

const table: Kind<ForwardConfig> = fields({
  to: required(mapOf(destination, destinationName), 'The destinations by names of your own.'),
  max_backlog: defaulted(
    bytes,
    4 * 1024 * 1024 * 1024,
    '4GiB',
    'Bytes that are kept for destinations that are away; beyond, and when the disk is nearly full, the oldest are dropped (`disk_cap`).',
  ),
});

/** `forward:` of the configuration. File names in it are as they were written: see `withPaths`. */
export const forwardKind: Kind<ForwardSettings> = {
  ...table,
  read: (node, path, problems) => {
    const config = table.read(node, path, problems);
    if (config === undefined) return undefined;
    const before = problems.all.length;
    for (const [key, one] of config.to) {
      const contradiction = contradictionIn(one);
      if (contradiction !== undefined) problems.add(node.place, `${path}.to.${key}${contradiction}`);
    }
    if (problems.all.length > before) return undefined;
    return {
      destinations: [...config.to].map(([key, one]) => destinationSettings(key, one)),
      maxHeldBytes: config.max_backlog,
    };
  },
};

/** The settings with every file name resolved. */
export function withPaths(
  { destinations, maxHeldBytes }: ForwardSettings,
  resolvePath: (path: string) => string,
): ForwardSettings {
  const resolved = (path: string | undefined): string | undefined => path && resolvePath(path);
  const files = (tls: DestinationSettings['tls']): DestinationSettings['tls'] => ({
    ...tls,
    ...given({
      caPath: resolved(tls.caPath),
      certPath: resolved(tls.certPath),
      keyPath: resolved(tls.keyPath),
    }),
  });
  return {
    destinations: destinations.map((destination) => ({ ...destination, tls: files(destination.tls) })),
    maxHeldBytes,
  };
}

function contradictionIn({
  bearer,
  basic: user,
  tls: files,
  endpoints,
  ...config
}: DestinationConfig): string | undefined {
  if (config.protocol === 'remote_write') {
    if (config.signals?.some((signal) => signal !== 'metrics'))
      return '.signals: remote write has metrics only';
    if (config.compression !== undefined) return '.compression: remote write always has Snappy';
  } else if (config.remote_write !== undefined)
    return '.remote_write is of no use without protocol: remote_write';
  if (bearer !== undefined && user !== undefined)
    return ' has both bearer and basic: one header can say one of them';
  if ((files?.cert === undefined) !== (files?.key === undefined))
    return '.tls must have both cert and key, or neither';
  const unknown = [...endpoints.keys()].find((key) => !(signals as readonly string[]).includes(key));
  return unknown && `.endpoints.${unknown} is no signal: there are ${signals.join(', ')}`;
}

function destinationSettings(key: string, config: DestinationConfig): DestinationSettings {
  return {
    name: key,
    protocol: config.protocol,
    endpoints: Object.fromEntries(signalsOf(config).map((signal) => [signal, endpointOf(config, signal)])),
    headers: headersOf(config),
    compression: config.compression ?? destinationDefaults.compression,
    tls: tlsSettings(config.tls),
    timeoutMs: config.timeout,
    batchBytes: config.batch.size,
    batchWaitMs: config.batch.wait,
    concurrency: config.concurrency,
    retry: { firstMs: config.retry.first, longestMs: config.retry.longest },
    maxDeadBytes: config.max_dead,
    remoteWrite: remoteWriteSettings(config.remote_write ?? remoteWriteDefaults),
    processors: config.processors,
  };
}

function signalsOf({ signals: wanted, protocol }: DestinationConfig): readonly Signal[] {
  return wanted ?? (protocol === 'remote_write' ? ['metrics'] : signals);
}

function endpointOf({ endpoint, endpoints, protocol }: DestinationConfig, signal: Signal): string {
  return endpoints.get(signal) ?? (protocol === 'http' ? `${endpoint}/v1/${signal}` : endpoint);
}

function remoteWriteSettings(config: RemoteWriteConfig): RemoteWriteSettings {
  return {
    version: config.version === 2 ? 2 : 1,
    exemplars: config.exemplars,
    nativeHistograms: config.native_histograms,
    targetInfo: config.target_info,
    externalLabels: Object.fromEntries(config.external_labels),
  };
}

function headersOf({ headers, bearer, basic: user }: DestinationConfig): Readonly<Record<string, string>> {
  const lower = [...headers].map(([key, value]) => [key.toLowerCase(), value] as const);
  const pair = user && Buffer.from(`${user.username}:${user.password}`).toString('base64');
  return {
    ...Object.fromEntries(lower),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(pair !== undefined && { authorization: `Basic ${pair}` }),
  };
}

function tlsSettings(config: TlsConfig | undefined): DestinationSettings['tls'] {
  return given({
    caPath: config?.ca,
    certPath: config?.cert,
    keyPath: config?.key,
    serverName: config?.server_name,
  });
}
