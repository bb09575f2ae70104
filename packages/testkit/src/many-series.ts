import { doubleField, fixed64Field, lengthDelimited, stringField } from '@maru/otlp';

/** So many series, in so many metrics of as many instances each. */
export interface ManySeries {
  readonly count: number;
  readonly metrics: number;
}

/** The metrics' names, in OTLP and in Prometheus. */
export function manySeriesMetric(index: number): string {
  return `cardinality_${index}`;
}

const pointsPerRequest = 5_000;
const digits = 7;

/**
 * Requests of one point a series: gauges with the attributes `instance`, which differs for each series of a metric, and
 * `code`, which has five values. A million points are made by writing digits and times into copies of one point.
 *
 * @param from the first series, counted from 0
 * @param to the series after the last
 */
export function* manySeriesRequests(
  { count, metrics }: ManySeries,
  timeUnixNano: bigint,
  from: number = 0,
  to: number = count,
): Generator<Uint8Array> {
  const perMetric = Math.ceil(count / metrics);
  for (let first = from; first < to; ) {
    const metric = Math.floor(first / perMetric);
    const end = Math.min(to, first + pointsPerRequest, (metric + 1) * perMetric);
    yield request(manySeriesMetric(metric), points(first, end, perMetric, timeUnixNano));
    first = end;
  }
}

function request(name: string, gauge: Uint8Array): Uint8Array {
  const metric = lengthDelimited(2, stringField(1, name), lengthDelimited(5, gauge));
  const resource = lengthDelimited(1, attribute(1, 'service.name', 'cardinality'));
  return lengthDelimited(1, resource, lengthDelimited(2, metric));
}

function attribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}

const instanceMark = 'i'.padEnd(digits + 1, '#');
const codeMark = '2#0';

/** One point with places for what differs. */
const pattern: Buffer = Buffer.from(
  lengthDelimited(
    1,
    fixed64Field(3, 0x2323_2323_2323_2323n),
    doubleField(4, 1),
    attribute(7, 'instance', instanceMark),
    attribute(7, 'code', codeMark),
  ),
);
const timeAt = pattern.indexOf('########');
const instanceAt = pattern.indexOf(instanceMark) + 1;
const codeAt = pattern.indexOf(codeMark) + 1;

function points(from: number, to: number, perMetric: number, timeUnixNano: bigint): Buffer {
  const all = Buffer.alloc((to - from) * pattern.length);
  for (let index = from; index < to; index += 1) {
    const at = (index - from) * pattern.length;
    pattern.copy(all, at);
    all.writeBigUInt64LE(timeUnixNano, at + timeAt);
    all.write(String(index % perMetric).padStart(digits, '0'), at + instanceAt);
    all.write(String(index % 5), at + codeAt);
  }
  return all;
}
