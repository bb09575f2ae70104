import type { RelabelRule } from '../relabel/rule.ts';
import type { HttpAccess } from './http-access.ts';

/** Formats in which a target may show its metrics, as `scrape_protocols` names them. */
export const scrapeProtocols = [
  'PrometheusProto',
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
] as const;

export type ScrapeProtocol = (typeof scrapeProtocols)[number];

/** One entry of `scrape_configs`, checked and with its defaults. A plain value: JSON holds it. */
export interface ScrapeJob {
  readonly name: string;
  /** The name of the tenant whose the series are; the first one's when left out. */
  readonly tenant?: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The one that is liked best first. */
  readonly protocols: readonly ScrapeProtocol[];
  readonly nativeHistograms: boolean;
  /** Whether a histogram that is shown both ways is taken both ways. */
  readonly classicHistogramsToo: boolean;
  readonly path: string;
  readonly scheme: 'http' | 'https';
  readonly parameters: readonly (readonly [name: string, values: readonly string[]])[];
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly trackTimestampsStaleness: boolean;
  readonly compression: boolean;
  readonly access: HttpAccess;
  readonly limits: ScrapeLimits;
  readonly discoveries: readonly Discovery[];
  readonly relabel: readonly RelabelRule[];
  readonly metricRelabel: readonly RelabelRule[];
}

/** What one scrape may hold; 0 is no limit, but for the bytes. */
export interface ScrapeLimits {
  readonly bodyBytes: number;
  readonly samples: number;
  readonly labels: number;
  readonly labelNameLength: number;
  readonly labelValueLength: number;
  readonly targets: number;
}

/** A way in which a job learns of its targets. */
export type Discovery = StaticDiscovery | FileDiscovery | KubernetesDiscovery;

export interface StaticDiscovery {
  readonly kind: 'static';
  readonly groups: readonly TargetGroup[];
}

export interface FileDiscovery {
  readonly kind: 'file';
  /** Absolute; the last part may hold `*`. */
  readonly patterns: readonly string[];
  readonly refreshMs: number;
}

export const kubernetesRoles = ['node', 'pod'] as const;

export interface KubernetesDiscovery {
  readonly kind: 'kubernetes';
  readonly role: (typeof kubernetesRoles)[number];
  /** Left out: the cluster that this process runs in, with its service account. */
  readonly apiServer?: string;
  readonly access: HttpAccess;
  /** Empty: all of them. */
  readonly namespaces: readonly string[];
  readonly ownNamespace: boolean;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly refreshMs: number;
}

/** Addresses with the labels that they share, as static and file configurations write them. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: readonly (readonly [name: string, value: string])[];
}
