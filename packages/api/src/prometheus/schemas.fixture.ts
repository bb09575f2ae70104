import { Ajv, type SchemaObject } from 'ajv';
import { expect } from 'vitest';

// The shapes of Prometheus's answers, as clients rely on them: written from its API's documentation and from what
// Grafana's data source reads, not from what is answered here. Nothing beyond the named members is let through.

const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const count = { type: 'integer', minimum: 0 } as const;
/** A float as Go prints it. */
const float = { type: 'string', pattern: '^(NaN|[+-]Inf|-?\\d+(\\.\\d+)?(e[+-]\\d\\d+)?)$' } as const;
const labels = { type: 'object', additionalProperties: text } as const;

function object(
  members: Readonly<Record<string, SchemaObject>>,
  optional: readonly string[] = [],
): SchemaObject {
  const required = Object.keys(members).filter((name) => !optional.includes(name));
  return { type: 'object', properties: members, required, additionalProperties: false };
}

function list(items: SchemaObject): SchemaObject {
  return { type: 'array', items };
}

function tuple(...items: readonly SchemaObject[]): SchemaObject {
  return { type: 'array', items, minItems: items.length, maxItems: items.length };
}

const sample = tuple(number, float);
const bucket = tuple({ enum: [0, 1, 2, 3] }, float, float, float);
const histogramSample = tuple(
  number,
  object({ count: float, sum: float, buckets: list(bucket) }, ['buckets']),
);

function result(type: string, shape: SchemaObject): SchemaObject {
  return object({ resultType: { const: type }, result: shape });
}

const queryData: SchemaObject = {
  oneOf: [
    result('scalar', sample),
    result('string', tuple(number, text)),
    result(
      'vector',
      list({
        oneOf: [
          object({ metric: labels, value: sample }),
          object({ metric: labels, histogram: histogramSample }),
        ],
      }),
    ),
    result(
      'matrix',
      list({
        ...Object(
          object({ metric: labels, values: list(sample), histograms: list(histogramSample) }, [
            'values',
            'histograms',
          ]),
        ),
        anyOf: [{ required: ['values'] }, { required: ['histograms'] }],
      }),
    ),
  ],
};

const metricType = {
  enum: ['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'],
};
const namedCounts = list(object({ name: text, value: count }));
const exemplar = object({ labels, value: float, timestamp: number });

const instant: SchemaObject = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT.*Z$' };
const texts: SchemaObject = { type: 'object', additionalProperties: text };
const seconds: SchemaObject = { type: 'number', minimum: 0 };

const alert = object(
  {
    ...{ labels: texts, annotations: texts, activeAt: instant, keepFiringSince: instant },
    state: { enum: ['pending', 'firing'] },
    value: { type: 'string', pattern: '^(-?\\d(\\.\\d+)?e[+-]\\d\\d+|NaN|[+-]Inf)$' },
  },
  ['keepFiringSince'],
);

const ruleFields = {
  ...{ name: text, query: text, labels: texts, lastError: text },
  ...{ health: { enum: ['unknown', 'ok', 'err'] }, evaluationTime: seconds, lastEvaluation: instant },
};

const ruleGroup = object({
  ...{
    name: text,
    file: text,
    interval: seconds,
    limit: count,
    evaluationTime: seconds,
    lastEvaluation: instant,
  },
  rules: list({
    oneOf: [
      object({ ...ruleFields, type: { const: 'recording' } }, ['lastError']),
      object(
        {
          ...ruleFields,
          type: { const: 'alerting' },
          state: { enum: ['unknown', 'inactive', 'pending', 'firing'] },
          ...{ duration: seconds, keepFiringFor: seconds, annotations: texts, alerts: list(alert) },
        },
        ['lastError'],
      ),
    ],
  }),
});

export type Endpoint =
  | ('query' | 'query_range' | 'query_exemplars' | 'format_query' | 'parse_query')
  | ('labels' | 'label/values' | 'series' | 'metadata')
  | ('rules' | 'alerts' | 'targets' | 'status/buildinfo' | 'status/tsdb');

/** What stands in `data` of each endpoint's success, by its path. */
const dataSchemas: Readonly<Record<Endpoint, SchemaObject>> = {
  query: queryData,
  query_range: queryData,
  labels: list(text),
  'label/values': list(text),
  series: list(labels),
  metadata: {
    type: 'object',
    additionalProperties: list(object({ type: metricType, help: text, unit: text })),
  },
  query_exemplars: list(object({ seriesLabels: labels, exemplars: list(exemplar) })),
  format_query: text,
  parse_query: { type: 'object', properties: { type: text }, required: ['type'] },
  rules: object({ groups: list(ruleGroup), groupNextToken: text }, ['groupNextToken']),
  alerts: object({ alerts: list(alert) }),
  targets: object({
    activeTargets: list({ type: 'object' }),
    droppedTargets: list({ type: 'object' }),
    droppedTargetCounts: { type: 'object', additionalProperties: count },
  }),
  'status/buildinfo': object({
    version: { type: 'string', pattern: '^3\\.\\d+\\.\\d+$' },
    ...{ revision: text, branch: text, buildUser: text, buildDate: text, goVersion: text },
  }),
  'status/tsdb': object({
    headStats: object({
      ...{ numSeries: count, numLabelPairs: count, chunkCount: count },
      ...{ minTime: { type: 'integer' }, maxTime: { type: 'integer' } },
    }),
    ...{ seriesCountByMetricName: namedCounts, labelValueCountByLabelName: namedCounts },
    ...{ memoryInBytesByLabelName: namedCounts, seriesCountByLabelValuePair: namedCounts },
  }),
};

const remarks = { warnings: list(text), infos: list(text) };

const failure = object({
  status: { const: 'error' },
  errorType: {
    enum: [
      'bad_data',
      'execution',
      'canceled',
      'timeout',
      'internal',
      'unavailable',
      'not_found',
      'not_acceptable',
    ],
  },
  error: { type: 'string', minLength: 1 },
});

/** Fails the test when an answer has not the shape of its endpoint's, or of an error's. */
export function expectShape(endpoint: Endpoint | 'error', body: unknown): void {
  const ajv = new Ajv({ strict: false });
  const success = (data: SchemaObject): SchemaObject =>
    object({ status: { const: 'success' }, data, ...remarks }, ['warnings', 'infos']);
  const isValid = ajv.validate(endpoint === 'error' ? failure : success(dataSchemas[endpoint]), body);
  expect(isValid, `${endpoint}: ${ajv.errorsText()} in ${JSON.stringify(body).slice(0, 1000)}`).toBe(true);
}
