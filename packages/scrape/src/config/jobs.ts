import {
  boolean,
  defaulted,
  type Field,
  fields,
  Impossible,
  integer,
  type Kind,
  list,
  made,
  mapOf,
  name,
  oneOf,
  optional,
  required,
  text,
  type ValuesOf,
} from '@maru/config';
import { type RelabelRule, relabelRule } from '../relabel/rule.ts';
import { fileDiscovery, kubernetesDiscovery, targetGroup } from './discoveries.ts';
import { accessFields, accessOf } from './http-access.ts';
import {
  type Discovery,
  type ScrapeJob,
  type ScrapeLimits,
  type ScrapeProtocol,
  scrapeProtocols,
} from './job.ts';
import { prometheusDuration, prometheusSize } from './kinds.ts';

/** What a job has that does not say it itself: Prometheus's `global`, as far as it is about scraping. */
export interface ScrapeDefaults {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** Prometheus scrapes once a minute when nothing is said. */
const minuteMs = 60_000;
const timeoutMs = 10_000;

export const scrapeDefaults: ScrapeDefaults = { intervalMs: minuteMs, timeoutMs };

export const scrapeGlobal: Kind<ScrapeDefaults> = made(
  fields({
    scrape_interval: defaulted(prometheusDuration, minuteMs, '1m', 'How often targets are scraped.'),
    scrape_timeout: optional(prometheusDuration, 'How long an answer may take; 10s when left out.'),
    evaluation_interval: optional(prometheusDuration, 'Of rules, which are not evaluated here.'),
    external_labels: optional(mapOf(text), 'Of no use here: nothing is federated.'),
  }),
  (given): ScrapeDefaults => ({
    intervalMs: given.scrape_interval,
    timeoutMs: given.scrape_timeout ?? Math.min(timeoutMs, given.scrape_interval),
  }),
);

/** A body that is larger is no list of metrics: Prometheus has no limit here, and needs memory for it. */
const defaultBodyBytes = 32 * 1024 * 1024;
const rules = (doc: string): Field<readonly RelabelRule[]> => defaulted(list(relabelRule), [], 'none', doc);
const limit = (doc: string): Field<number> => defaulted(integer(0), 0, 'none', doc);

const jobFields = {
  job_name: required(name, 'Its name, and the value of the label `job`.'),
  tenant: optional(
    name,
    "Whose the series are, where there are tenants; the first tenant's when left out. Not of Prometheus.",
  ),
  scrape_interval: optional(prometheusDuration, 'How often; the global one when left out.'),
  scrape_timeout: optional(prometheusDuration, 'How long an answer may take; the global one when left out.'),
  scrape_protocols: defaulted(list(oneOf(...scrapeProtocols)), [], 'all', 'Formats, the best first.'),
  scrape_native_histograms: defaulted(boolean, false, 'false', 'Whether native histograms are taken.'),
  always_scrape_classic_histograms: defaulted(boolean, false, 'false', 'Whether their classic form is, too.'),
  metrics_path: defaulted(name, '/metrics', '/metrics', 'The path.'),
  scheme: defaulted(oneOf('http', 'https'), 'http', 'http', 'http or https.'),
  params: defaulted(mapOf(list(text)), new Map(), 'none', 'Parameters of the address.'),
  honor_labels: defaulted(boolean, false, 'false', "Whether a series' own labels win over the target's."),
  honor_timestamps: defaulted(boolean, true, 'true', 'Whether times that a target shows count.'),
  track_timestamps_staleness: defaulted(boolean, false, 'false', 'Whether series with own times end, too.'),
  enable_compression: defaulted(boolean, true, 'true', 'Whether gzip is asked for.'),
  body_size_limit: defaulted(prometheusSize, 0, '32MB', 'Largest body after decompression.'),
  sample_limit: limit('Samples of a scrape.'),
  label_limit: limit('Labels of a series.'),
  label_name_length_limit: limit("Characters of a label's name."),
  label_value_length_limit: limit("Characters of a label's value."),
  target_limit: limit('Targets of the job.'),
  static_configs: defaulted(list(targetGroup), [], 'none', 'Targets by address.'),
  file_sd_configs: defaulted(list(fileDiscovery), [], 'none', 'Targets in files.'),
  kubernetes_sd_configs: defaulted(list(kubernetesDiscovery), [], 'none', 'Pods or nodes of a cluster.'),
  relabel_configs: rules('Rules for targets.'),
  metric_relabel_configs: rules('Rules for series.'),
  ...accessFields,
};

type GivenJob = ValuesOf<typeof jobFields>;

/** `scrape_configs` as Prometheus has it, or what of it has a counterpart here. Jobs get the defaults when they are known. */
export const scrapeJobs: Kind<(defaults: ScrapeDefaults) => readonly ScrapeJob[]> = made(
  list(made(fields(jobFields), withTimes)),
  (jobs) => {
    const names = jobs.map(({ given }) => given.job_name);
    const twice = names.find((one, index) => names.indexOf(one) < index);
    if (twice !== undefined) return new Impossible(`has two jobs named ${JSON.stringify(twice)}`);
    return (defaults: ScrapeDefaults) => jobs.map(({ given }) => jobOf(given, defaults));
  },
);

/** A mapping of its own, so that the place of a job is told and not that of the list. */
function withTimes(given: GivenJob): { readonly given: GivenJob } | Impossible {
  const { scrape_interval, scrape_timeout } = given;
  return (scrape_timeout ?? 0) > (scrape_interval ?? Number.POSITIVE_INFINITY)
    ? new Impossible('has a scrape_timeout that is longer than its scrape_interval')
    : { given };
}

function jobOf(given: GivenJob, defaults: ScrapeDefaults): ScrapeJob {
  const intervalMs = given.scrape_interval ?? defaults.intervalMs;
  return {
    name: given.job_name,
    ...(given.tenant !== undefined && { tenant: given.tenant }),
    intervalMs,
    timeoutMs: Math.min(given.scrape_timeout ?? defaults.timeoutMs, intervalMs),
    protocols: protocolsOf(given),
    nativeHistograms: given.scrape_native_histograms,
    classicHistogramsToo: given.always_scrape_classic_histograms,
    path: given.metrics_path,
    scheme: given.scheme,
    parameters: [...given.params],
    honorLabels: given.honor_labels,
    honorTimestamps: given.honor_timestamps,
    trackTimestampsStaleness: given.track_timestamps_staleness,
    compression: given.enable_compression,
    access: accessOf(given),
    limits: limitsOf(given),
    discoveries: discoveriesOf(given),
    relabel: given.relabel_configs,
    metricRelabel: given.metric_relabel_configs,
  };
}

/** Only the protobuf format holds native histograms, so whoever wants them asks for it first. */
function protocolsOf({ scrape_protocols, scrape_native_histograms }: GivenJob): readonly ScrapeProtocol[] {
  if (scrape_protocols.length > 0) return scrape_protocols;
  return scrape_native_histograms ? scrapeProtocols : scrapeProtocols.slice(1);
}

function limitsOf(given: GivenJob): ScrapeLimits {
  return {
    bodyBytes: given.body_size_limit || defaultBodyBytes,
    samples: given.sample_limit,
    labels: given.label_limit,
    labelNameLength: given.label_name_length_limit,
    labelValueLength: given.label_value_length_limit,
    targets: given.target_limit,
  };
}

function discoveriesOf(given: GivenJob): readonly Discovery[] {
  const groups = given.static_configs;
  return [
    ...(groups.length === 0 ? [] : [{ kind: 'static', groups } as const]),
    ...given.file_sd_configs,
    ...given.kubernetes_sd_configs,
  ];
}
