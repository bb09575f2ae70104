import { createHash } from 'node:crypto';
import { type Sql, sql, trusted } from '../sql.ts';

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

const names: Readonly<Record<TranslationStrategy, string>> = {
  UnderscoreEscapingWithSuffixes: 'prometheusName(name, unit, metricType, monotonic)',
  NoUTF8EscapingWithSuffixes: 'prometheusUtf8Name(name, unit, metricType, monotonic)',
  UnderscoreEscapingWithoutSuffixes: 'prometheusPlainName(name)',
  NoTranslation: 'name',
};

/** Redefines the functions of the schema that an installation may choose. */
export function namingStatements({ strategy, promotedAttributes }: SeriesNaming): readonly Sql[] {
  const isEscaped = strategy.startsWith('Underscore');
  const mark = seriesMark(strategy, promotedAttributes);
  return [
    sql`CREATE OR REPLACE FUNCTION promotedAttributes AS (a) ->
      arrayFilter(x -> has(CAST(${list(promotedAttributes)}, 'Array(String)'), x.key), a)`,
    sql`CREATE OR REPLACE FUNCTION translatedName AS (name, unit, metricType, monotonic) -> ${trusted(names[strategy])}`,
    sql`CREATE OR REPLACE FUNCTION translatedLabel AS (k) -> ${trusted(isEscaped ? 'prometheusLabel(k)' : 'k')}`,
    sql`CREATE OR REPLACE FUNCTION translatedSeriesId AS (id) -> ${mark === 0n ? sql`id` : sql`bitXor(id, toUInt64(${mark}))`}`,
  ];
}

function list(texts: readonly string[]): Sql {
  return trusted(`[${texts.map((text) => sql`${text}`.text).join(', ')}]`);
}

/** 0 for the default, so that series of stores that know no choice are the same; else a number of the choice. */
function seriesMark(strategy: TranslationStrategy, promoted: readonly string[]): bigint {
  const choice = (one: Pick<SeriesNaming, 'strategy' | 'promotedAttributes'>): string =>
    JSON.stringify([one.strategy, one.promotedAttributes.toSorted()]);
  const chosen = choice({ strategy, promotedAttributes: promoted });
  if (chosen === choice(defaultNaming)) return 0n;
  return createHash('sha256').update(chosen).digest().readBigUInt64BE(0);
}
