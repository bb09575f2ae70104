import {
  concat,
  double,
  doubleField,
  fixed32Field,
  fixed64,
  fixed64Field,
  lengthDelimited,
  type Signal,
  stringField,
  varint,
  varintField,
  zigzagField,
} from '@maru/otlp';
import { below, pick, randomBytes, seededRandom } from './otlp-random.ts';

/** Requests that use every field of OTLP, often oddly: for tests of whatever reads them. */
export function variedRequest(seed: number, signal: Signal): Uint8Array {
  const random = seededRandom(seed);
  return concat(...times(random, 1, 3, () => lengthDelimited(1, resourceGroup(random, signal))));
}

/** A copy with a few bytes changed, cut out, doubled or put in: most are broken, some still pass. */
export function mutated(seed: number, bytes: Uint8Array): Uint8Array {
  const random = seededRandom(seed);
  let changed = Uint8Array.from(bytes);
  for (let left = 1 + below(random, 4); left > 0; left--) changed = mutateOnce(random, changed);
  return changed;
}

function mutateOnce(random: () => number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = below(random, bytes.length);
  const length = 1 + below(random, 8);
  const changes: readonly (() => Uint8Array)[] = [
    () => bytes.with(at, below(random, 256)),
    () => bytes.with(at, (bytes[at] ?? 0) ^ (1 << below(random, 8))),
    () => concat(bytes.subarray(0, at), bytes.subarray(at + length)),
    () => concat(bytes.subarray(0, at), randomBytes(random, length), bytes.subarray(at)),
    () => concat(bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)),
    () => bytes.subarray(0, at),
  ];
  return Uint8Array.from(bytes.length === 0 ? randomBytes(random, length) : pick(random, changes)());
}

type Random = () => number;

function times(random: Random, least: number, most: number, make: () => Uint8Array): Uint8Array[] {
  return Array.from({ length: least + below(random, most - least + 1) }, make);
}

function sometimes(random: Random, make: () => Uint8Array): Uint8Array {
  return random() < 0.6 ? make() : new Uint8Array(0);
}

/** Fields of a message stand in any order on the wire. */
function shuffled(random: Random, parts: readonly Uint8Array[]): Uint8Array {
  const order = parts.map((part) => [random(), part] as const).toSorted(([left], [right]) => left - right);
  return concat(...order.map(([, part]) => part));
}

const texts = ['', 'a', 'GET /api', '관리자 로그인 성공', '"quoted"\\\n\u0000', '😀', 'x'.repeat(300)];

function text(random: Random, field: number): Uint8Array {
  return sometimes(random, () => stringField(field, pick(random, texts)));
}

function time(random: Random): bigint {
  return 1_700_000_000_000_000_000n + BigInt(below(random, 1_000_000_000));
}

function count(random: Random, field: number): Uint8Array {
  return sometimes(random, () => varintField(field, pick(random, [0, 1, 200, 0xffffffff, 2n ** 40n])));
}

const doubles = [0, -0, 1, 1.5, -2.25, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

function anyValue(random: Random, depth: number): Uint8Array {
  const nested: readonly (() => Uint8Array)[] = [
    () => lengthDelimited(5, ...times(random, 0, 3, () => lengthDelimited(1, anyValue(random, depth - 1)))),
    () => lengthDelimited(6, ...times(random, 0, 3, () => keyValue(random, 1, depth - 1))),
  ];
  const plain: readonly (() => Uint8Array)[] = [
    () => new Uint8Array(0),
    () => stringField(1, pick(random, texts)),
    () => stringField(1, pick(random, texts)),
    () => varintField(2, below(random, 2)),
    () => varintField(3, pick(random, [0, 1, -1, 2n ** 62n, -(2n ** 63n)])),
    () => doubleField(4, pick(random, doubles)),
    () => lengthDelimited(7, randomBytes(random, 1 + below(random, 9))),
    () => stringField(8, 'not ours'),
    () => stringField(15, '{"forged":1}'),
  ];
  return pick(random, depth > 0 ? [...plain, ...nested] : plain)();
}

const keys = ['', 'http.route', 'service.name', 'k8s.pod.name', '한글', 'a b', '__name__', 'le'];

function keyValue(random: Random, field: number, depth = 3): Uint8Array {
  const value = sometimes(random, () => lengthDelimited(2, anyValue(random, depth)));
  return lengthDelimited(field, shuffled(random, [stringField(1, pick(random, keys)), value]));
}

function attributes(random: Random, field: number): Uint8Array {
  return concat(...times(random, 0, 5, () => keyValue(random, field)));
}

/** Something a later version of OTLP may add. */
function unknown(random: Random): Uint8Array {
  return random() < 0.9
    ? new Uint8Array(0)
    : pick(random, [varintField(900, 7), stringField(30, 'new'), fixed32Field(31, 1)]);
}

function resourceGroup(random: Random, signal: Signal): Uint8Array {
  const resource = lengthDelimited(1, attributes(random, 1), count(random, 2), unknown(random));
  const scopes = concat(...times(random, 0, 3, () => lengthDelimited(2, scopeGroup(random, signal))));
  return shuffled(random, [sometimes(random, () => resource), scopes, text(random, 3), unknown(random)]);
}

const makers: Readonly<Record<Signal, (random: Random) => Uint8Array>> = {
  traces: span,
  metrics: metric,
  logs: logRecord,
};

function scopeGroup(random: Random, signal: Signal): Uint8Array {
  const scope = lengthDelimited(1, text(random, 1), text(random, 2), attributes(random, 3), count(random, 4));
  const items = concat(...times(random, 0, 4, () => lengthDelimited(2, makers[signal](random))));
  return shuffled(random, [sometimes(random, () => scope), items, text(random, 3), unknown(random)]);
}

function span(random: Random): Uint8Array {
  return shuffled(random, [
    lengthDelimited(1, pick(random, [randomBytes(random, 16), randomBytes(random, 16), new Uint8Array(16)])),
    lengthDelimited(2, randomBytes(random, 8)),
    text(random, 3),
    sometimes(random, () => lengthDelimited(4, pick(random, [new Uint8Array(8), randomBytes(random, 8)]))),
    text(random, 5),
    sometimes(random, () => varintField(6, pick(random, [0, 1, 5, 6, 1000, -1]))),
    fixed64Field(7, pick(random, [time(random), time(random), 2n ** 63n])),
    sometimes(random, () => fixed64Field(8, pick(random, [0n, time(random)]))),
    attributes(random, 9),
    count(random, 10),
    ...times(random, 0, 2, () => lengthDelimited(11, event(random))),
    count(random, 12),
    ...times(random, 0, 2, () => lengthDelimited(13, link(random))),
    count(random, 14),
    sometimes(random, () => lengthDelimited(15, text(random, 2), varintField(3, below(random, 4)))),
    sometimes(random, () => fixed32Field(16, below(random, 1024))),
    unknown(random),
  ]);
}

function event(random: Random): Uint8Array {
  return shuffled(random, [
    fixed64Field(1, time(random)),
    text(random, 2),
    attributes(random, 3),
    count(random, 4),
  ]);
}

function link(random: Random): Uint8Array {
  const ids = [new Uint8Array(0), new Uint8Array(16), randomBytes(random, 16)];
  return shuffled(random, [
    lengthDelimited(1, pick(random, ids)),
    sometimes(random, () => lengthDelimited(2, randomBytes(random, 8))),
    text(random, 3),
    attributes(random, 4),
    count(random, 5),
    sometimes(random, () => fixed32Field(6, 0x301)),
  ]);
}

function logRecord(random: Random): Uint8Array {
  return shuffled(random, [
    sometimes(random, () => fixed64Field(1, time(random))),
    sometimes(random, () => varintField(2, pick(random, [0, 9, 24, 25, -3]))),
    text(random, 3),
    sometimes(random, () => lengthDelimited(5, anyValue(random, 3))),
    attributes(random, 6),
    count(random, 7),
    sometimes(random, () => fixed32Field(8, 1)),
    sometimes(random, () => lengthDelimited(9, pick(random, [new Uint8Array(16), randomBytes(random, 16)]))),
    sometimes(random, () => lengthDelimited(10, pick(random, [new Uint8Array(0), randomBytes(random, 8)]))),
    sometimes(random, () => fixed64Field(11, time(random))),
    text(random, 12),
    unknown(random),
  ]);
}

function metric(random: Random): Uint8Array {
  const data = pick(random, [gauge, sum, histogram, exponentialHistogram, summary, () => new Uint8Array(0)]);
  return shuffled(random, [
    stringField(1, pick(random, ['http.server.duration', 'x', '온도', 'requests_total'])),
    text(random, 2),
    text(random, 3),
    data(random),
    sometimes(random, () => keyValue(random, 12)),
    unknown(random),
  ]);
}

function points(random: Random, make: (random: Random) => Uint8Array): Uint8Array {
  return concat(...times(random, 0, 4, () => lengthDelimited(1, make(random))));
}

function temporality(random: Random): Uint8Array {
  return varintField(2, pick(random, [1, 2, 2, 2, 0]));
}

function gauge(random: Random): Uint8Array {
  return lengthDelimited(5, points(random, numberPoint));
}

function sum(random: Random): Uint8Array {
  const monotonic = sometimes(random, () => varintField(3, pick(random, [0, 1, 2])));
  return lengthDelimited(7, shuffled(random, [points(random, numberPoint), temporality(random), monotonic]));
}

function histogram(random: Random): Uint8Array {
  return lengthDelimited(9, shuffled(random, [points(random, histogramPoint), temporality(random)]));
}

function exponentialHistogram(random: Random): Uint8Array {
  return lengthDelimited(
    10,
    shuffled(random, [points(random, exponentialHistogramPoint), temporality(random)]),
  );
}

function summary(random: Random): Uint8Array {
  return lengthDelimited(11, points(random, summaryPoint));
}

function numberPoint(random: Random): Uint8Array {
  const value = pick(random, [
    () => doubleField(4, pick(random, doubles)),
    () => fixed64Field(6, pick(random, [0n, -5n, 2n ** 62n])),
    () => varintField(8, 1),
    () => new Uint8Array(0),
  ]);
  return shuffled(random, [
    sometimes(random, () => fixed64Field(2, time(random))),
    fixed64Field(3, time(random)),
    value(),
    ...exemplars(random, 5),
    attributes(random, 7),
  ]);
}

function exemplars(random: Random, field: number): Uint8Array[] {
  return times(random, 0, 2, () =>
    lengthDelimited(
      field,
      shuffled(random, [
        fixed64Field(2, time(random)),
        pick(random, [doubleField(3, 1.5), fixed64Field(6, 7n)]),
        sometimes(random, () => lengthDelimited(4, randomBytes(random, 8))),
        sometimes(random, () => lengthDelimited(5, randomBytes(random, 16))),
        attributes(random, 7),
      ]),
    ),
  );
}

/** A repeated number in its packed form, or one field for each, which readers must take just as well. */
function repeatedFixed64(random: Random, field: number, values: readonly Uint8Array[]): Uint8Array {
  if (random() < 0.7) return lengthDelimited(field, ...values);
  return concat(...values.map((value) => concat(varint(field * 8 + 1), value)));
}

function histogramPoint(random: Random): Uint8Array {
  const bounds = below(random, 5);
  const buckets = pick(random, [0, bounds + 1, bounds + 1, bounds + 2]);
  return shuffled(random, [
    fixed64Field(2, time(random)),
    fixed64Field(3, pick(random, [time(random), time(random), 0n])),
    fixed64Field(4, 12n),
    sometimes(random, () => doubleField(5, 3.5)),
    repeatedFixed64(
      random,
      6,
      Array.from({ length: buckets }, () => fixed64(BigInt(below(random, 100)))),
    ),
    repeatedFixed64(
      random,
      7,
      Array.from({ length: bounds }, (_, index) => double(index * 2.5)),
    ),
    ...exemplars(random, 8),
    attributes(random, 9),
    sometimes(random, () => varintField(10, below(random, 2))),
    sometimes(random, () => doubleField(11, 0)),
    sometimes(random, () => doubleField(12, 99)),
  ]);
}

function buckets(random: Random, field: number): Uint8Array {
  const counts = Array.from({ length: below(random, 5) }, () => varint(pick(random, [0, 1, 300, 2n ** 60n])));
  const packed = random() < 0.7;
  const list = packed
    ? lengthDelimited(2, ...counts)
    : concat(...counts.map((value) => concat(varint(16), value)));
  return lengthDelimited(
    field,
    sometimes(random, () => zigzagField(1, below(random, 40) - 20)),
    list,
  );
}

function exponentialHistogramPoint(random: Random): Uint8Array {
  return shuffled(random, [
    attributes(random, 1),
    sometimes(random, () => fixed64Field(2, time(random))),
    fixed64Field(3, time(random)),
    fixed64Field(4, 12n),
    sometimes(random, () => doubleField(5, 3.5)),
    sometimes(random, () => zigzagField(6, below(random, 30) - 10)),
    sometimes(random, () => fixed64Field(7, 3n)),
    sometimes(random, () => buckets(random, 8)),
    sometimes(random, () => buckets(random, 9)),
    sometimes(random, () => varintField(10, below(random, 2))),
    ...exemplars(random, 11),
    sometimes(random, () => doubleField(12, 0)),
    sometimes(random, () => doubleField(13, 99)),
    sometimes(random, () => doubleField(14, 0.1)),
  ]);
}

function summaryPoint(random: Random): Uint8Array {
  return shuffled(random, [
    fixed64Field(3, time(random)),
    fixed64Field(4, 12n),
    doubleField(5, 3.5),
    ...times(random, 0, 3, () => lengthDelimited(6, doubleField(1, random()), doubleField(2, random()))),
    attributes(random, 7),
    sometimes(random, () => varintField(8, below(random, 2))),
  ]);
}
