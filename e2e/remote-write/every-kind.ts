import {
  concat,
  double,
  doubleField,
  fixed64,
  fixed64Field,
  lengthDelimited,
  stringField,
  varint,
  varintField,
  zigzagField,
} from '@maru/otlp';

type Attributes = Readonly<Record<string, string | number | boolean>>;

function attributes(field: number, of: Attributes): Uint8Array {
  return concat(
    ...Object.entries(of).map(([key, value]) =>
      lengthDelimited(field, stringField(1, key), lengthDelimited(2, anyValue(value))),
    ),
  );
}

function anyValue(value: string | number | boolean): Uint8Array {
  if (typeof value === 'string') return stringField(1, value);
  if (typeof value === 'boolean') return varintField(2, value ? 1 : 0);
  return Number.isInteger(value) ? varintField(3, BigInt(value)) : doubleField(4, value);
}

function metric(name: string, unit: string, data: Uint8Array): Uint8Array {
  return lengthDelimited(
    2,
    stringField(1, name),
    stringField(2, `help of ${name}`),
    stringField(3, unit),
    data,
  );
}

const cumulative = varintField(2, 2);
const delta = varintField(2, 1);
const traceId = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex');
const spanId = Buffer.from('0102030405060708', 'hex');

function exemplar(field: number, timeNanos: bigint, value: number): Uint8Array {
  return lengthDelimited(
    field,
    fixed64Field(2, timeNanos),
    doubleField(3, value),
    lengthDelimited(4, spanId),
    lengthDelimited(5, traceId),
    attributes(7, { 'http.route': '/a' }),
  );
}

/** One export of a process with metrics of every kind, as it stands at a step. */
export function everyKind(instance: string, step: number, timeNanos: bigint): Uint8Array {
  const time = concat(fixed64Field(2, timeNanos - 60_000_000_000n), fixed64Field(3, timeNanos));
  const resource = {
    'service.name': 'shop',
    'service.namespace': 'team',
    'service.instance.id': instance,
    'k8s.pod.name': `pod-${instance}`,
    'os.type': 'linux',
  };
  const numbers = (field: number, values: readonly (readonly [Attributes, number])[]): Uint8Array =>
    concat(
      ...values.map(([own, value]) =>
        lengthDelimited(
          field,
          time,
          doubleField(4, value),
          attributes(7, own),
          exemplar(5, timeNanos, value),
        ),
      ),
    );
  const integers = lengthDelimited(
    1,
    time,
    fixed64Field(6, BigInt(step * 3)),
    attributes(7, { 'queue-name': 'q' }),
  );
  const ending = lengthDelimited(
    1,
    time,
    ...(step < 2 ? [doubleField(4, step)] : [varintField(8, 1)]),
    attributes(7, { gone: true }),
  );
  const buckets = (counts: readonly number[]): Uint8Array =>
    lengthDelimited(6, ...counts.map((count) => fixed64(BigInt(count * (step + 1)))));
  const histogram = lengthDelimited(
    1,
    time,
    fixed64Field(4, BigInt(10 * (step + 1))),
    doubleField(5, 12.5 * (step + 1)),
    buckets([1, 2, 3, 4]),
    lengthDelimited(7, double(0.005), double(1), double(1e6)),
    attributes(9, { 'http.route': '/a', status: 200, ratio: 0.25 }),
    exemplar(8, timeNanos, 0.5),
  );
  const noBuckets = lengthDelimited(1, time, fixed64Field(4, BigInt(step)), attributes(9, { kind: 'none' }));
  const exponential = lengthDelimited(
    1,
    attributes(1, { 'http.route': '/b' }),
    time,
    fixed64Field(4, BigInt(12 * (step + 1))),
    doubleField(5, 40 * (step + 1)),
    zigzagField(6, 10),
    fixed64Field(7, BigInt(2 * (step + 1))),
    lengthDelimited(
      8,
      zigzagField(1, -3),
      lengthDelimited(2, ...[1, 0, 2, 3, 0, 0, 1].map((count) => varint(count * (step + 1)))),
    ),
    lengthDelimited(
      9,
      zigzagField(1, 5),
      lengthDelimited(2, ...[1, 2].map((count) => varint(count * (step + 1)))),
    ),
    exemplar(11, timeNanos, 3),
  );
  const quantile = (of: number, value: number): Uint8Array =>
    lengthDelimited(6, doubleField(1, of), doubleField(2, value));
  const summary = lengthDelimited(
    1,
    time,
    fixed64Field(4, BigInt(7 * (step + 1))),
    doubleField(5, 3.5 * (step + 1)),
    quantile(0.5, 1 + step),
    quantile(0.99, 2 + step),
    attributes(7, { 'rpc.method': 'Get' }),
  );
  const deltaPoint = lengthDelimited(1, time, doubleField(4, 5), attributes(7, {}));
  return lengthDelimited(
    1,
    lengthDelimited(1, attributes(1, resource)),
    lengthDelimited(
      2,
      lengthDelimited(1, stringField(1, 'shop.scope')),
      metric(
        'process.memory.usage',
        'By',
        lengthDelimited(5, numbers(1, [[{ state: 'used' }, 100.5 + step]])),
      ),
      metric(
        'cpu.share',
        '1',
        lengthDelimited(
          5,
          numbers(1, [
            [{ 'cpu.id': 1 }, 0.25],
            [{ cpu_id: '2', 'cpu.id': 1 }, 1 / 3],
          ]),
        ),
      ),
      metric(
        'http.requests',
        '{request}',
        lengthDelimited(
          7,
          numbers(1, [[{ 'http.route': '/a', '1st': 'é' }, 10 * step]]),
          cumulative,
          varintField(3, 1),
        ),
      ),
      metric('queue.length', '', lengthDelimited(7, integers, ending, cumulative)),
      metric('http.duration', 's', lengthDelimited(9, histogram, noBuckets, cumulative)),
      metric('http.size', 'KiBy/s', lengthDelimited(10, exponential, cumulative)),
      metric('rpc.duration', 'ms', lengthDelimited(11, summary)),
      metric('jobs.done', '', lengthDelimited(7, deltaPoint, delta, varintField(3, 1))),
    ),
  );
}
