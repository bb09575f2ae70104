import {
  boolean,
  bytes,
  defaulted,
  duration,
  fields,
  httpUrl,
  integer,
  type Kind,
  list,
  mapOf,
  name,
  oneOf,
  optional,
  port,
  required,
  scalar,
  text,
} from '@maru/config';
import { type ForwardSettings, forwardKind } from '@maru/forward';
import type { Signal } from '@maru/otlp';
import { defaultNaming, type SeriesNaming, translationStrategies } from '@maru/otlp/prometheus';
import {
  filePath,
  type ScrapeDefaults,
  type ScrapeJob,
  scrapeDefaults,
  scrapeGlobal,
  scrapeJobs,
} from '@maru/scrape';
import { defaultSettings } from '../settings.ts';
import { tenantOfName } from '../tenants/places.ts';
import { storeAddress } from './store-address.ts';

const tenant: Kind<string> = scalar('a tenant: letters, digits, - and _, at most 64', (value) =>
  tenantOfName(String(value)) === undefined ? undefined : String(value),
);

const tls: Kind<ConfigTls> = fields({
  cert: required(name, 'Certificate in PEM for every port, its chain behind it. Read anew when it changes.'),
  key: required(name, 'Its key in PEM, without a passphrase.'),
  client_ca: optional(name, 'Ask every client for a certificate of this authority.'),
});

const ports: Kind<ConfigPorts> = fields({
  console: defaulted(port, defaultSettings.httpPort, '3000', 'Console and query APIs.'),
  otlp_http: defaulted(port, defaultSettings.otlpHttpPort, '4318', 'OTLP over HTTP.'),
  otlp_grpc: defaulted(port, defaultSettings.otlpGrpcPort, '4317', 'OTLP over gRPC.'),
});

const tenants: Kind<ConfigTenants> = fields({
  by: required(
    oneOf('header', 'key'),
    '`header`: X-Scope-OrgID names the tenant, so let nothing reach the ports that does not set it. `key`: the ingest key tells, and queries need one, too.',
  ),
  default: optional(
    tenant,
    'By header: the tenant of requests without one. Left out, they are answered 401.',
  ),
  most: defaulted(integer(1, 1000), 50, '50', 'How many there may be; requests of others are refused.'),
});

const key: Kind<ConfigKey> = fields({
  secret_file: required(
    name,
    'File with the secret alone in it, at least 16 characters, as a Secret of Kubernetes is mounted. Read anew when it changes.',
  ),
  signals: optional(
    list(oneOf('traces', 'metrics', 'logs')),
    'What may be sent with it. Left out: everything, and nothing with a key that reads.',
  ),
  read: defaulted(boolean, false, 'false', 'Whether the console and the query APIs may be asked with it.'),
  rate: optional(integer(1), 'Spans, points and records that may be sent in a second.'),
  rate_bytes: optional(bytes, 'Bytes that may be sent in a second, after decompression.'),
  tenant: optional(tenant, 'Whose data it is, where keys tell tenants apart.'),
});

const otlpNaming: Kind<ConfigOtlp> = fields({
  translation_strategy: defaulted(
    oneOf(...translationStrategies),
    defaultNaming.strategy,
    defaultNaming.strategy,
    'The two that begin with `No` keep the names and attributes of OTLP, which are then queried as `{"http.server.duration"}`.',
  ),
  promote_resource_attributes: defaulted(
    list(name),
    defaultNaming.promotedAttributes,
    'the service, its version and its place in a cloud or in Kubernetes',
    'Resource attributes that become labels of every series.',
  ),
  convert_histograms_to_nhcb: defaulted(
    boolean,
    defaultNaming.explicitAsNative,
    'false',
    'Explicit histograms are there as native ones with bounds of their own, beside their classic series.',
  ),
});

const usualQuery = defaultSettings.query;

const query: Kind<ConfigQuery> = fields({
  concurrency: defaulted(
    integer(1),
    usualQuery.concurrency,
    '20',
    'How many run at once; others wait, up to 200. Of long ones, with more than a million samples, two run at once, so that short ones never stand behind them.',
  ),
  memory: defaulted(
    bytes,
    usualQuery.maxMemoryBytes,
    '1GiB',
    'What one may hold, by estimate: samples and the labels of series. All that run may hold twice as much together.',
  ),
  timeout: defaulted(
    duration,
    usualQuery.timeoutSeconds * 1000,
    '2m',
    'How long one may take, the wait included.',
  ),
  max_samples: defaulted(integer(1), usualQuery.maxSamples, '50000000', 'Samples that one may hold at once.'),
  max_series: defaulted(
    integer(1),
    usualQuery.maxSeries,
    '100000',
    'Series that the selectors of one may find together.',
  ),
});

const alerting: Kind<ConfigAlerting> = fields({
  alertmanagers: defaulted(
    list(httpUrl),
    [],
    'none',
    'Addresses of Alertmanagers (API v2); a user and password may stand in them.',
  ),
  webhooks: defaulted(
    list(httpUrl),
    [],
    'none',
    'Addresses that get what Alertmanager sends to webhooks, on changes and every 4 h.',
  ),
  slack: defaulted(list(httpUrl), [], 'none', 'Incoming webhooks of Slack.'),
});

/** The settings of `maru.yaml`, and their reference. Each has one line here and one in `settings.ts` beside this file. */
const configFields = {
  host: optional(
    name,
    'Address of the OTLP ports; `127.0.0.1` when left out. Wider than loopback it needs a key.',
  ),
  host_console: optional(
    name,
    'Address of the console and the query APIs; `127.0.0.1` when left out. Wider than loopback it needs a key that reads.',
  ),
  ports: optional(ports, 'The ports.'),
  tls: optional(tls, 'TLS on every port. Without it they speak plain HTTP.'),
  forward: optional(forwardKind, 'Sends telemetry on to other receivers of OTLP, as a Collector does.'),
  cors_origins: defaulted(
    list(name),
    [],
    'none',
    'Origins that browsers may send OTLP from, exact or with a `*` label.',
  ),
  max_request: defaulted(
    bytes,
    defaultSettings.maxRequestBytes,
    '64MiB',
    'Largest request after decompression; larger ones are answered 413.',
  ),
  fsync: defaulted(
    oneOf('always', 'interval'),
    defaultSettings.fsync,
    'always',
    '`always`: acknowledge after fsync. `interval`: fsync every 100 ms and acknowledge after the write.',
  ),
  max_backlog: defaulted(
    bytes,
    defaultSettings.maxBacklogBytes,
    '4GiB',
    'What the journal may hold for a store that is away; then new data is answered 503.',
  ),
  max_active_series: defaulted(
    integer(0),
    defaultSettings.maxActiveSeries,
    '1000000',
    'Series of metrics that may be active (seen within the last 15 to 30 minutes), for each tenant. Points of further ones are rejected. 0: no limit.',
  ),
  retention: defaulted(
    duration,
    defaultSettings.retentionDays * 86_400_000,
    '15d',
    'How long data is kept, in whole days.',
  ),
  pack_interval: defaulted(
    duration,
    defaultSettings.packIntervalMs,
    '1h',
    'How often samples of gauges and counters are packed, which makes queries several times faster. `0s`: never; what is packed stays so.',
  ),
  store: optional(
    storeAddress,
    'A ClickHouse server that keeps the data, instead of the engine in the process. `secure=1`: TLS. `cluster=NAME`: replicated tables, spread over that cluster. `ca=/FILE`: its own authority. `compress=1`: compressed on the wire. See docs/scale.md.',
  ),
  query: defaulted(
    query,
    {
      concurrency: usualQuery.concurrency,
      memory: usualQuery.maxMemoryBytes,
      timeout: usualQuery.timeoutSeconds * 1000,
      max_samples: usualQuery.maxSamples,
      max_series: usualQuery.maxSeries,
    },
    '',
    'What PromQL queries may use. Each limit has an error of its own, in the words of Prometheus.',
  ),
  engine_memory: defaulted(
    bytes,
    defaultSettings.engineMemoryBytes,
    '1GiB',
    'Memory of the engine, queries and merges together. With `store`, one query takes at most six tenths of it there.',
  ),
  promql_experimental: defaulted(
    boolean,
    defaultSettings.promqlExperimental,
    'false',
    'PromQL functions and syntax that a default Prometheus 3 has switched off.',
  ),
  promql_delayed_name_removal: defaulted(
    boolean,
    defaultSettings.promqlDelayedNameRemoval,
    'false',
    'PromQL drops metric names only from the end result (`promql-delayed-name-removal` of Prometheus).',
  ),
  otlp: defaulted(
    otlpNaming,
    {
      translation_strategy: defaultNaming.strategy,
      promote_resource_attributes: defaultNaming.promotedAttributes,
      convert_histograms_to_nhcb: defaultNaming.explicitAsNative,
    },
    '',
    'How series of OTLP metrics are named, as in the `otlp` part of Prometheus. What is stored keeps the names it came under.',
  ),
  rules: defaulted(
    list(name),
    [],
    'none',
    "Files of recording and alerting rules in Prometheus's format, by patterns such as `rules/*.yml`. They are read again when they change.",
  ),
  tenant_rules: defaulted(
    mapOf(list(name)),
    new Map<string, readonly string[]>(),
    'none',
    "Files of rules of tenants, by their names: `shop: [rules/shop/*.yml]`. They see that tenant alone. Those of `rules` are the first tenant's.",
  ),
  rule_interval: defaulted(
    duration,
    defaultSettings.rules.intervalMs,
    '1m',
    'How often groups of rules are evaluated that do not say so themselves.',
  ),
  external_url: optional(httpUrl, 'Where people reach the console; links in alerts begin with it.'),
  external_labels: defaulted(
    mapOf(text),
    new Map<string, string>(),
    'none',
    'Labels of this installation, for templates of alerts (`$externalLabels`).',
  ),
  alerting: optional(alerting, 'Whom alerts are told.'),
  admin_api: defaulted(
    boolean,
    defaultSettings.adminApi,
    'false',
    'Whether `POST /api/v1/admin/tsdb/delete_series` deletes series. Whoever may read may use it.',
  ),
  keys: defaulted(
    mapOf(key),
    new Map<string, ConfigKey>(),
    'none',
    'Keys by their names, beside those of `./maru key create`, for what is set up by files alone. From the first one on that sends, or reads, all need one.',
  ),
  tenants: optional(
    tenants,
    'Keeps the data of several tenants apart: see [tenants](tenants.md). Left out, all belongs together.',
  ),
  global: defaulted(
    scrapeGlobal,
    scrapeDefaults,
    '',
    'Defaults of `scrape_configs`, as Prometheus has them.',
  ),
  scrape_configs: defaulted(
    scrapeJobs,
    () => [],
    'none',
    'Targets to scrape, as Prometheus writes them: see [scraping](scraping.md).',
  ),
  prometheus_file: optional(
    filePath,
    'A configuration of Prometheus: its `global` and `scrape_configs` count, too. Read anew when it changes.',
  ),
  self_telemetry: defaulted(
    boolean,
    defaultSettings.selfTelemetry,
    'true',
    'Whether Maru sends its own telemetry (service `maru`) to itself.',
  ),
};

/** `maru.yaml` as its user wrote it, with what was left out filled in. Sizes are bytes, durations milliseconds. */
export interface Config {
  readonly host: string | undefined;
  readonly host_console: string | undefined;
  readonly ports: ConfigPorts | undefined;
  readonly tls: ConfigTls | undefined;
  readonly forward: ForwardSettings | undefined;
  readonly cors_origins: readonly string[];
  readonly max_request: number;
  readonly fsync: 'always' | 'interval';
  readonly max_backlog: number;
  readonly max_active_series: number;
  readonly retention: number;
  readonly query: ConfigQuery;
  readonly pack_interval: number;
  readonly store: string | undefined;
  readonly engine_memory: number;
  readonly promql_experimental: boolean;
  readonly promql_delayed_name_removal: boolean;
  readonly otlp: ConfigOtlp;
  readonly rules: readonly string[];
  readonly tenant_rules: ReadonlyMap<string, readonly string[]>;
  readonly rule_interval: number;
  readonly external_url: string | undefined;
  readonly external_labels: ReadonlyMap<string, string>;
  readonly alerting: ConfigAlerting | undefined;
  readonly admin_api: boolean;
  readonly keys: ReadonlyMap<string, ConfigKey>;
  readonly tenants: ConfigTenants | undefined;
  readonly global: ScrapeDefaults;
  readonly scrape_configs: (defaults: ScrapeDefaults) => readonly ScrapeJob[];
  readonly prometheus_file: string | undefined;
  readonly self_telemetry: boolean;
}

export interface ConfigOtlp {
  readonly translation_strategy: SeriesNaming['strategy'];
  readonly promote_resource_attributes: readonly string[];
  readonly convert_histograms_to_nhcb: boolean;
}

export interface ConfigQuery {
  readonly concurrency: number;
  readonly memory: number;
  readonly timeout: number;
  readonly max_samples: number;
  readonly max_series: number;
}

export interface ConfigAlerting {
  readonly alertmanagers: readonly string[];
  readonly webhooks: readonly string[];
  readonly slack: readonly string[];
}

export interface ConfigPorts {
  readonly console: number;
  readonly otlp_http: number;
  readonly otlp_grpc: number;
}

export interface ConfigKey {
  readonly secret_file: string;
  readonly signals: readonly Signal[] | undefined;
  readonly read: boolean;
  readonly rate: number | undefined;
  readonly rate_bytes: number | undefined;
  readonly tenant: string | undefined;
}

export interface ConfigTenants {
  readonly by: 'header' | 'key';
  readonly default: string | undefined;
  readonly most: number;
}

export interface ConfigTls {
  readonly cert: string;
  readonly key: string;
  readonly client_ca: string | undefined;
}

export const configKind: Kind<Config> = fields(configFields);
