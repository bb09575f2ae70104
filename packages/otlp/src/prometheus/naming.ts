/** Prometheus's `otlp.translation_strategy`: how names and labels come out of OTLP's. */
export const translationStrategies = [
  'UnderscoreEscapingWithSuffixes',
  'NoUTF8EscapingWithSuffixes',
  'UnderscoreEscapingWithoutSuffixes',
  'NoTranslation',
] as const;

export type TranslationStrategy = (typeof translationStrategies)[number];

/** How series are named. What a series was named when its samples came stays its name. */
export interface SeriesNaming {
  readonly strategy: TranslationStrategy;
  /** The resource attributes that become labels of every series of the resource. */
  readonly promotedAttributes: readonly string[];
  /** Whether explicit histograms are there as native ones with bounds of their own, too. */
  readonly explicitAsNative: boolean;
}

/** The list of Grafana's own OpenTelemetry image. */
export const defaultNaming: SeriesNaming = {
  strategy: 'UnderscoreEscapingWithSuffixes',
  promotedAttributes: [
    'service.instance.id',
    'service.name',
    'service.namespace',
    'service.version',
    'cloud.availability_zone',
    'cloud.region',
    'container.name',
    'deployment.environment',
    'deployment.environment.name',
    'k8s.cluster.name',
    'k8s.container.name',
    'k8s.cronjob.name',
    'k8s.daemonset.name',
    'k8s.deployment.name',
    'k8s.job.name',
    'k8s.namespace.name',
    'k8s.node.name',
    'k8s.pod.name',
    'k8s.replicaset.name',
    'k8s.statefulset.name',
    'host.name',
  ],
  explicitAsNative: false,
};
