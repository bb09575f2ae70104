import type { Signal } from '../signal.ts';

/** How a JSON value becomes the content of a protobuf field. */
export type JsonType =
  | 'string'
  | 'base64'
  | 'hex'
  | 'bool'
  | 'uint32'
  | 'int32'
  | 'sint32'
  | 'uint64'
  | 'int64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double';

/** One field: its number and its type, or the message it embeds. */
export interface JsonField {
  readonly number: number;
  readonly type: JsonType | JsonMessage;
  readonly repeated: boolean;
}

/** A message's fields by their names in JSON. Functions, because AnyValue holds itself. */
export type JsonMessage = () => ReadonlyMap<string, JsonField>;

type Spec = readonly [number, JsonType | JsonMessage];

/** `many` holds the repeated fields. */
function message(
  fields: Readonly<Record<string, Spec>>,
  many: Readonly<Record<string, Spec>> = {},
): JsonMessage {
  const table = new Map([...entries(fields, false), ...entries(many, true)]);
  return () => table;
}

function entries(fields: Readonly<Record<string, Spec>>, repeated: boolean): [string, JsonField][] {
  return Object.entries(fields).map(([name, [number, type]]) => [name, { number, type, repeated }]);
}

const anyValueTable: ReadonlyMap<string, JsonField> = new Map(
  entries(
    {
      stringValue: [1, 'string'],
      boolValue: [2, 'bool'],
      intValue: [3, 'int64'],
      doubleValue: [4, 'double'],
      arrayValue: [5, message({}, { values: [1, anyValue] })],
      kvlistValue: [6, message({}, { values: [1, keyValue] })],
      bytesValue: [7, 'base64'],
    },
    false,
  ),
);
const keyValueTable: ReadonlyMap<string, JsonField> = new Map(
  entries({ key: [1, 'string'], value: [2, anyValue] }, false),
);

function anyValue(): ReadonlyMap<string, JsonField> {
  return anyValueTable;
}

function keyValue(): ReadonlyMap<string, JsonField> {
  return keyValueTable;
}

const resource = message({ droppedAttributesCount: [2, 'uint32'] }, { attributes: [1, keyValue] });
const scope = message(
  { name: [1, 'string'], version: [2, 'string'], droppedAttributesCount: [4, 'uint32'] },
  { attributes: [3, keyValue] },
);

const event = message(
  { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], droppedAttributesCount: [4, 'uint32'] },
  { attributes: [3, keyValue] },
);
const link = message(
  {
    traceId: [1, 'hex'],
    spanId: [2, 'hex'],
    traceState: [3, 'string'],
    droppedAttributesCount: [5, 'uint32'],
    flags: [6, 'fixed32'],
  },
  { attributes: [4, keyValue] },
);
const span = message(
  {
    traceId: [1, 'hex'],
    spanId: [2, 'hex'],
    traceState: [3, 'string'],
    parentSpanId: [4, 'hex'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    droppedAttributesCount: [10, 'uint32'],
    droppedEventsCount: [12, 'uint32'],
    droppedLinksCount: [14, 'uint32'],
    status: [15, message({ message: [2, 'string'], code: [3, 'int32'] })],
    flags: [16, 'fixed32'],
  },
  { attributes: [9, keyValue], events: [11, event], links: [13, link] },
);

const logRecord = message(
  {
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'int32'],
    severityText: [3, 'string'],
    body: [5, anyValue],
    droppedAttributesCount: [7, 'uint32'],
    flags: [8, 'fixed32'],
    traceId: [9, 'hex'],
    spanId: [10, 'hex'],
    observedTimeUnixNano: [11, 'fixed64'],
    eventName: [12, 'string'],
  },
  { attributes: [6, keyValue] },
);

const exemplar = message(
  {
    timeUnixNano: [2, 'fixed64'],
    asDouble: [3, 'double'],
    spanId: [4, 'hex'],
    traceId: [5, 'hex'],
    asInt: [6, 'sfixed64'],
  },
  { filteredAttributes: [7, keyValue] },
);
const pointTimes = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] } as const;
const numberPoint = message(
  { ...pointTimes, asDouble: [4, 'double'], asInt: [6, 'sfixed64'], flags: [8, 'uint32'] },
  { exemplars: [5, exemplar], attributes: [7, keyValue] },
);
const histogramPoint = message(
  {
    ...pointTimes,
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    flags: [10, 'uint32'],
    min: [11, 'double'],
    max: [12, 'double'],
  },
  {
    bucketCounts: [6, 'fixed64'],
    explicitBounds: [7, 'double'],
    exemplars: [8, exemplar],
    attributes: [9, keyValue],
  },
);
const buckets = message({ offset: [1, 'sint32'] }, { bucketCounts: [2, 'uint64'] });
const exponentialHistogramPoint = message(
  {
    ...pointTimes,
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, buckets],
    negative: [9, buckets],
    flags: [10, 'uint32'],
    min: [12, 'double'],
    max: [13, 'double'],
    zeroThreshold: [14, 'double'],
  },
  { attributes: [1, keyValue], exemplars: [11, exemplar] },
);
const summaryPoint = message(
  { ...pointTimes, count: [4, 'fixed64'], sum: [5, 'double'], flags: [8, 'uint32'] },
  {
    quantileValues: [6, message({ quantile: [1, 'double'], value: [2, 'double'] })],
    attributes: [7, keyValue],
  },
);
const temporality = { aggregationTemporality: [2, 'int32'] } as const;
const metric = message(
  {
    name: [1, 'string'],
    description: [2, 'string'],
    unit: [3, 'string'],
    gauge: [5, message({}, { dataPoints: [1, numberPoint] })],
    sum: [7, message({ ...temporality, isMonotonic: [3, 'bool'] }, { dataPoints: [1, numberPoint] })],
    histogram: [9, message(temporality, { dataPoints: [1, histogramPoint] })],
    exponentialHistogram: [10, message(temporality, { dataPoints: [1, exponentialHistogramPoint] })],
    summary: [11, message({}, { dataPoints: [1, summaryPoint] })],
  },
  { metadata: [12, keyValue] },
);

function request(group: string, scopes: string, items: string, item: JsonMessage): JsonMessage {
  const scopeGroup = message({ scope: [1, scope], schemaUrl: [3, 'string'] }, { [items]: [2, item] });
  const resourceGroup = message(
    { resource: [1, resource], schemaUrl: [3, 'string'] },
    { [scopes]: [2, scopeGroup] },
  );
  return message({}, { [group]: [1, resourceGroup] });
}

/** The export request of each signal. */
export const jsonRequests: Readonly<Record<Signal, JsonMessage>> = {
  traces: request('resourceSpans', 'scopeSpans', 'spans', span),
  metrics: request('resourceMetrics', 'scopeMetrics', 'metrics', metric),
  logs: request('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
};
