import {
  concat,
  doubleField,
  fixed64Field,
  lengthDelimited,
  stringField,
  varint,
  varintField,
  zigzagField,
} from '@maru/otlp';
import { mutated } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { BadExposition, type Exposition } from './exposition.ts';
import { floatLabel } from './float-label.ts';
import { parseOpenMetrics } from './openmetrics.ts';
import { parseProtobuf } from './protobuf.ts';
import { parseText } from './text.ts';

/** What a body shows: for each series its labels as text, and its value. */
function shown({ samples }: Exposition): readonly (readonly [string, number])[] {
  return samples.map(({ labels, value }) => [
    labels()
      .map(([name, text]) => `${name}=${text}`)
      .join(' '),
    value,
  ]);
}

describe('text', () => {
  test('names, labels, escapes, values and times', () => {
    const body = `
# HELP a_total Counts \\\\ and\\nmore.
# TYPE a_total counter
a_total{x="1",y="q\\"\\\\\\n\\t",} 12 1520879607789
 b\t-1.5e3
c{ x = "1" , z="}" } NaN
{"a dotted.name", "odd label"="v"} +Inf
d 0x10
# just a remark
`;
    const exposition = parseText(body);
    expect(shown(exposition)).toEqual([
      ['__name__=a_total x=1 y=q"\\\n\\t', 12],
      ['__name__=b', -1500],
      ['__name__=c x=1 z=}', Number.NaN],
      ['__name__=a dotted.name odd label=v', Number.POSITIVE_INFINITY],
      ['__name__=d', 16],
    ]);
    expect(exposition.samples.map(({ timeMs }) => timeMs)).toEqual([
      1_520_879_607_789,
      ...Array(4).fill(undefined),
    ]);
    expect(exposition.familyOf('a_total')).toEqual({ type: 'counter', help: 'Counts \\ and\nmore.' });
  });

  test('a bound has one text, as in Prometheus 3', () => {
    const body =
      '# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nother{le="1"} 1\n# TYPE s summary\ns{quantile="0"} 1\n';
    expect(shown(parseText(body)).map(([labels]) => labels)).toEqual([
      '__name__=h_bucket le=1.0',
      '__name__=h_bucket le=+Inf',
      '__name__=other le=1',
      '__name__=s quantile=0.0',
    ]);
  });

  test.each([
    'a',
    'a{x="1" 2',
    'a{x=1} 2',
    'a{x="1"}',
    'a x',
    'a 1 x',
    '1a 2',
    'a{x="1" y="2"} 2',
    '{x="1"} 2',
    '{x} 1',
  ])('%s is refused', (line) => {
    const read = (): unknown => shown(parseText(`ok 1\n${line}\n`));
    expect(read).toThrow(BadExposition);
  });
});

test.each([
  [1, '1.0'],
  [0.25, '0.25'],
  [123456, '123456.0'],
  [1e6, '1e+06'],
  [1234567, '1.234567e+06'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e100, '1e+100'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [0, '0.0'],
])('the label of %d is %s', (value, text) => {
  expect(floatLabel(value)).toBe(text);
});

describe('OpenMetrics', () => {
  const body = `# TYPE a counter
# UNIT a seconds
a_total{x="1"} 3 1.5 # {trace_id="abc"} 0.5 1.25
a_created{x="1"} 100.5
# TYPE h histogram
h_bucket{x="1",le="1"} 1 # {} 0.5
h_bucket{le="+Inf",x="1"} 2
h_created{x="1"} 7
g 1
# EOF
`;

  test('times in seconds, exemplars, times of creation', () => {
    const { samples, familyOf } = parseOpenMetrics(body);
    expect(samples.map(({ series, timeMs, startMs }) => [series, timeMs, startMs])).toEqual([
      ['a_total{x="1"}', 1500, 100_500],
      ['a_created{x="1"}', undefined, 100_500],
      ['h_bucket{x="1",le="1"}', undefined, 7000],
      ['h_bucket{le="+Inf",x="1"}', undefined, 7000],
      ['h_created{x="1"}', undefined, 7000],
      ['g', undefined, 0],
    ]);
    expect(samples[0]?.exemplars).toEqual([{ labels: [['trace_id', 'abc']], value: 0.5, timeMs: 1250n }]);
    expect(familyOf('a_total').type).toBe('counter');
  });

  test.each([
    ['an end that is missing', 'a 1\n'],
    ['something behind the end', '# EOF\na 1\n'],
    ['a remark', '# remark\n# EOF\n'],
    ['a time that is none', 'a 1 x\n# EOF\n'],
    ['an exemplar without a value', 'a 1 # {x="1"}\n# EOF\n'],
    ['an exemplar that does not close', 'a 1 # {x="1" 2\n# EOF\n'],
  ])('%s is refused', (_, text) => {
    expect(() => parseOpenMetrics(text)).toThrow(BadExposition);
  });
});

describe('protobuf', () => {
  const label = lengthDelimited(1, stringField(1, 'x'), stringField(2, '1'));
  const timestamp = (field: number, seconds: number): Uint8Array =>
    lengthDelimited(field, varintField(1, seconds));
  const family = (name: string, type: number, ...metric: readonly Uint8Array[]): Uint8Array => {
    const message = concat(
      stringField(1, name),
      stringField(2, 'Help.'),
      varintField(3, type),
      lengthDelimited(4, label, ...metric),
    );
    return concat(varint(message.length), message);
  };
  const bucket = (count: number, bound: number): Uint8Array =>
    lengthDelimited(3, varintField(1, count), doubleField(2, bound));
  const counter = family(
    'a_total',
    0,
    lengthDelimited(
      3,
      doubleField(1, 5),
      lengthDelimited(2, label, doubleField(2, 0.5), timestamp(3, 9)),
      timestamp(3, 100),
    ),
  );
  const summary = family(
    's',
    2,
    lengthDelimited(
      4,
      varintField(1, 3),
      doubleField(2, 6),
      lengthDelimited(3, doubleField(1, 0.5), doubleField(2, 2)),
    ),
  );
  const histogram = family(
    'h',
    4,
    lengthDelimited(
      7,
      varintField(1, 6),
      doubleField(2, 9.5),
      bucket(3, 1),
      zigzagField(5, 2),
      doubleField(6, 0.001),
      varintField(7, 1),
      lengthDelimited(12, zigzagField(1, -1), varintField(2, 2)),
      lengthDelimited(13, varint(4), varint(2)),
      timestamp(15, 100),
    ),
  );
  const body = concat(
    counter,
    summary,
    family('g', 1, lengthDelimited(2, doubleField(1, 1)), varintField(6, 77)),
    histogram,
  );

  test('counters, summaries and gauges', () => {
    const { samples, familyOf } = parseProtobuf(body, { native: false, classicToo: false });
    expect(shown({ samples, familyOf })).toEqual([
      ['__name__=a_total x=1', 5],
      ['__name__=s x=1 quantile=0.5', 2],
      ['__name__=s_sum x=1', 6],
      ['__name__=s_count x=1', 3],
      ['__name__=g x=1', 1],
      ['__name__=h_count x=1', 6],
      ['__name__=h_sum x=1', 9.5],
      ['__name__=h_bucket x=1 le=1.0', 3],
      ['__name__=h_bucket x=1 le=+Inf', 6],
    ]);
    expect(samples[0]).toMatchObject({
      startMs: 100_000,
      exemplars: [{ labels: [['x', '1']], value: 0.5, timeMs: 9000n }],
    });
    expect(samples[4]?.timeMs).toBe(77);
    expect(familyOf('a_total')).toEqual({ type: 'counter', help: 'Help.' });
  });

  test('a native histogram, alone or beside its classic form', () => {
    const { samples } = parseProtobuf(histogram, { native: true, classicToo: false });
    expect(samples).toHaveLength(1);
    expect(samples[0]?.histogram).toMatchObject({
      count: 6,
      sum: 9.5,
      schema: 2,
      zeroThreshold: 0.001,
      zeroCount: 1,
      positive: { spans: [{ offset: -1, length: 2 }], counts: [2, 3] },
      startMs: 100_000n,
    });
    expect(parseProtobuf(histogram, { native: true, classicToo: true }).samples).toHaveLength(5);
  });

  test.each([
    [
      'text',
      (bytes: Uint8Array): Exposition => parseText(Buffer.from(bytes).toString()),
      Buffer.from('# TYPE a counter\na{x="1"} 2\n'),
    ],
    [
      'OpenMetrics',
      (bytes: Uint8Array): Exposition => parseOpenMetrics(Buffer.from(bytes).toString()),
      Buffer.from('# TYPE a counter\na_total{x="1"} 2 1 # {y="2"} 3 4\n# EOF\n'),
    ],
    [
      'protobuf',
      (bytes: Uint8Array): Exposition => parseProtobuf(bytes, { native: true, classicToo: true }),
      concat(body, fixed64Field(9, 1n)),
    ],
  ])('mutants of %s are read or refused, and nothing else', (_, parse, bytes) => {
    for (let seed = 0; seed < 2000; seed += 1) {
      try {
        shown(parse(mutated(seed, bytes)));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(BadExposition);
      }
    }
  });
});
