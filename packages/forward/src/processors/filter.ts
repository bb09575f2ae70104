import { defaulted, fields, type Kind, list } from '@maru/config';
import type { Signal } from '@maru/otlp';
import { type Condition, compileCondition } from '../condition/compile.ts';
import { conditionKind } from '../condition/kind.ts';
import { Subject } from '../condition/subject.ts';
import { mapItems, pointsOf, type ResourceGroup, type ScopeGroup, withPoints } from '../model/telemetry.ts';
import type { ChangingProcessor } from './processor.ts';

/** Items for which any of the conditions holds are left out. */
export interface FilterSettings {
  readonly kind: 'filter';
  readonly spans: readonly string[];
  readonly logs: readonly string[];
  readonly metrics: readonly string[];
  readonly datapoints: readonly string[];
}

type Conditions = Omit<FilterSettings, 'kind'>;

const table: Kind<Conditions> = fields({
  spans: defaulted(
    list(conditionKind('span')),
    [],
    'none',
    'Spans for which one of these holds are left out.',
  ),
  logs: defaulted(list(conditionKind('log_record')), [], 'none', 'The same for log records.'),
  metrics: defaulted(
    list(conditionKind('metric')),
    [],
    'none',
    'The same for metrics, with all their points.',
  ),
  datapoints: defaulted(list(conditionKind('datapoint')), [], 'none', 'The same for single data points.'),
});

export const filterKind: Kind<FilterSettings> = {
  ...table,
  read: (node, name, problems) => {
    const conditions = table.read(node, name, problems);
    return conditions && { kind: 'filter', ...conditions };
  },
};

export function createFilter(settings: FilterSettings, signal: Signal): ChangingProcessor | undefined {
  if (signal === 'metrics') return createMetricsFilter(settings);
  const [texts, context] =
    signal === 'traces' ? ([settings.spans, 'span'] as const) : ([settings.logs, 'log_record'] as const);
  const conditions = texts.map((text) => compileCondition(text, context));
  if (conditions.length === 0) return undefined;
  return {
    kind: 'changing',
    process: (telemetry) =>
      mapItems(telemetry, (item, { scope }, { resource }) =>
        holdsAny(conditions, new Subject({ item, scope, resource })) ? undefined : item,
      ),
  };
}

function createMetricsFilter({ metrics, datapoints }: FilterSettings): ChangingProcessor | undefined {
  const ofMetrics = metrics.map((text) => compileCondition(text, 'metric'));
  const ofPoints = datapoints.map((text) => compileCondition(text, 'datapoint'));
  if (ofMetrics.length + ofPoints.length === 0) return undefined;
  return {
    kind: 'changing',
    process: (telemetry) =>
      mapItems(telemetry, (item, scope, resource) =>
        filteredMetric(item, scope, resource, ofMetrics, ofPoints),
      ),
  };
}

function filteredMetric(
  item: Uint8Array,
  { scope }: ScopeGroup,
  { resource }: ResourceGroup,
  ofMetrics: readonly Condition[],
  ofPoints: readonly Condition[],
): Uint8Array | undefined {
  const data = pointsOf(item);
  if (data === undefined) return item;
  const { kind: pointKind, points } = data;
  if (holdsAny(ofMetrics, new Subject({ item, scope, resource, pointKind }))) return undefined;
  const kept = points.filter(
    (point) => !holdsAny(ofPoints, new Subject({ item, scope, resource, point, pointKind })),
  );
  return kept.length === points.length ? item : withPoints(item, { ...data, points: kept });
}

function holdsAny(conditions: readonly Condition[], subject: Subject): boolean {
  return conditions.some((condition) => condition(subject));
}
