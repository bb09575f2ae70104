import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  concat,
  doubleField,
  fixed64Field,
  lengthDelimited,
  noKinds,
  stringField,
  varint,
  varintField,
} from '@maru/otlp';
import {
  defaultNaming,
  SeriesLabels,
  type SeriesNaming,
  type TextAttribute,
  translatedName,
  translationStrategies,
} from '@maru/otlp/prometheus';
import { below, pick, seededRandom } from '@maru/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store, sql } from '../index.ts';

// The engine names series in SQL, forwarding in TypeScript: what a destination gets must be what a query here shows.

let directory: string;
let store: Store | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-translation-'));
});
afterEach(async () => {
  await store?.close();
  rmSync(directory, { recursive: true, force: true });
});

const metrics = 400;
const resources = 20;
const random = seededRandom(20);
const pieces = [
  'http',
  'total',
  'ratio',
  'server',
  'é',
  '한',
  '💡',
  '.',
  '_',
  '__',
  '-',
  ' ',
  ':',
  '1',
  '9',
  'Bytes',
  '\n',
];
const moreNames = ['seconds', 'per', 'second', 'bytes', 'milliseconds'];
const units = [
  '',
  '1',
  's',
  'ms',
  'By',
  '%',
  'By/s',
  '{request}',
  '{request}/s',
  '1/s',
  'm/h',
  'a b/c d',
  's/',
  '/s',
  'x/y/z',
  ' s ',
  'é',
  'Cel',
  '_s_',
  'unknown',
  'constructor',
];
const kinds = ['gauge', 'counter', 'other'] as const;

function text(parts: readonly string[], most: number): string {
  return Array.from({ length: 1 + below(random, most) }, () => pick(random, parts)).join('');
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly kind: (typeof kinds)[number];
  readonly attributes: readonly TextAttribute[];
}

function attributes(known: readonly string[]): readonly TextAttribute[] {
  const keys = new Set(
    Array.from({ length: below(random, 6) }, () =>
      below(random, 3) === 0 ? pick(random, known) : text(pieces, 4),
    ),
  );
  return [...keys].map((key) => ({ key, text: below(random, 8) === 0 ? '' : text(pieces, 3) }));
}

/** The number tells which one it is, whatever becomes of its name. */
function metric(number: number): Metric {
  return {
    name: `${text([...pieces, ...moreNames], 6)}_n${number}`,
    unit: pick(random, units),
    kind: pick(random, kinds),
    attributes: attributes([
      'job',
      'instance',
      'service.name',
      'service_name',
      '__name__',
      'a.b',
      'a_b',
      'a-b',
    ]),
  };
}

const identity = ['service.name', 'service.namespace', 'service.instance.id'];

function keyValues(field: number, list: readonly TextAttribute[]): Uint8Array {
  return concat(
    ...list.map(({ key, text: value }) =>
      lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value))),
    ),
  );
}

function message({ name, unit, kind, attributes: own }: Metric): Uint8Array {
  const point = lengthDelimited(
    1,
    fixed64Field(3, 1_780_000_000_000_000_000n),
    doubleField(4, 1),
    keyValues(7, own),
  );
  const sum = (isMonotonic: number): Uint8Array =>
    lengthDelimited(7, point, varintField(2, 2), varintField(3, isMonotonic));
  const data = kind === 'gauge' ? lengthDelimited(5, point) : sum(kind === 'counter' ? 1 : 0);
  return lengthDelimited(2, stringField(1, name), stringField(3, unit), data);
}

interface Group {
  readonly resource: readonly TextAttribute[];
  readonly metrics: readonly Metric[];
}

const groups: readonly Group[] = Array.from({ length: resources }, (_, number) => ({
  resource: attributes([...identity, ...identity, 'k8s.pod.name', 'host.name', 'a.b', 'a_b']),
  metrics: Array.from({ length: metrics / resources }, (__, index) => metric(number * resources + index)),
}));

async function seriesOfEngine(naming: SeriesNaming): Promise<readonly object[]> {
  store = openStore({ directory: join(directory, 'engine'), memoryBytes: 512 * 1024 * 1024, naming });
  const request = concat(
    ...groups.map(({ resource, metrics: list }) =>
      lengthDelimited(
        1,
        lengthDelimited(1, keyValues(1, resource)),
        lengthDelimited(2, ...list.map(message)),
      ),
    ),
  );
  const path = join(directory, 'segment');
  writeFileSync(path, concat(varint(request.length), request));
  await store.loader.load({ signal: 'metrics', path, token: 'one', kinds: { ...noKinds, number: metrics } });
  return store.reader.rows(
    sql`SELECT CAST(metric_name, 'String') AS metric, CAST(prometheus_name, 'String') AS name, labels FROM metric_series ORDER BY metric`,
  );
}

function seriesOfForwarding(naming: SeriesNaming): readonly object[] {
  const series = groups.flatMap(({ resource, metrics: list }) => {
    const labels = new SeriesLabels(naming, resource);
    return list.map((one) => ({
      metric: one.name,
      name: translatedName(naming.strategy, one),
      labels: Object.fromEntries(labels.of(one.attributes)),
    }));
  });
  return series.toSorted((left, right) =>
    Buffer.compare(Buffer.from(left.metric), Buffer.from(right.metric)),
  );
}

test.each(translationStrategies)(
  '%s: the engine and forwarding give the same names and labels',
  async (strategy) => {
    const naming = {
      ...defaultNaming,
      strategy,
      promotedAttributes: [...defaultNaming.promotedAttributes, 'a.b', 'a_b'],
    };
    expect(seriesOfForwarding(naming)).toEqual(await seriesOfEngine(naming));
  },
);
