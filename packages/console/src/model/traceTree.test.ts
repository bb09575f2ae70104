import { describe, expect, test } from 'vitest';
import { type OtlpTrace, spansOf } from './trace.ts';
import { ancestorIds, findRows, traceTree, visibleRows } from './traceTree.ts';

const id = (n: number): string => n.toString(16).padStart(16, '0');

interface Sketch {
  readonly id: number;
  readonly parent?: number;
  readonly start: number;
  readonly end: number;
  readonly error?: boolean;
}

/** A trace of one service from a sketch; times in milliseconds. */
function sketched(spans: readonly Sketch[]): OtlpTrace {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'api' } }] },
        scopeSpans: [
          {
            spans: spans.map((span) => ({
              spanId: id(span.id),
              ...(span.parent === undefined ? {} : { parentSpanId: id(span.parent) }),
              name: `span ${span.id}`,
              kind: 'SPAN_KIND_SERVER',
              startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(span.start * 1e6)),
              endTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(span.end * 1e6)),
              status: span.error ? { code: 'STATUS_CODE_ERROR', message: 'boom' } : {},
            })),
          },
        ],
      },
    ],
  };
}

const treeOf = (spans: readonly Sketch[]) => traceTree(spansOf(sketched(spans)));
const shape = (spans: readonly Sketch[]) =>
  treeOf(spans).rows.map((row) => [row.span.name, row.depth, row.descendants]);

const family: readonly Sketch[] = [
  { id: 4, parent: 2, start: 30, end: 40, error: true },
  { id: 1, start: 0, end: 100 },
  { id: 3, parent: 1, start: 50, end: 60 },
  { id: 2, parent: 1, start: 10, end: 45 },
];

describe('the tree', () => {
  test('is depth first with siblings by start', () => {
    expect(shape(family)).toEqual([
      ['span 1', 0, 3],
      ['span 2', 1, 1],
      ['span 4', 2, 0],
      ['span 3', 1, 0],
    ]);
  });

  test('knows its length, errors and services', () => {
    const tree = treeOf(family);
    expect(tree.durationNanos).toBe(100e6);
    expect(tree.errors).toBe(1);
    expect(tree.services).toEqual([{ service: 'api', spans: 4, errors: 1 }]);
    expect(tree.rows[2]?.offsetNanos).toBe(30e6);
  });

  test('an empty answer is an empty tree', () => {
    expect(treeOf([]).rows).toEqual([]);
  });

  test('spans without their parent are roots marked as orphans, in the order of time', () => {
    const tree = treeOf([
      { id: 1, start: 0, end: 9 },
      { id: 7, parent: 6, start: 3, end: 5 },
    ]);
    expect(tree.rows.map((row) => row.isOrphan)).toEqual([false, true]);
    expect(tree.orphans).toBe(1);
  });

  test('a circle of parents is shown once, its first span marked as orphan', () => {
    const tree = treeOf([
      { id: 1, parent: 2, start: 0, end: 9 },
      { id: 2, parent: 1, start: 1, end: 5 },
    ]);
    expect(tree.rows.map((row) => [row.span.name, row.depth, row.isOrphan])).toEqual([
      ['span 1', 0, true],
      ['span 2', 1, false],
    ]);
  });

  test('two spans of one id are both shown, the children once', () => {
    expect(
      shape([
        { id: 1, start: 0, end: 9 },
        { id: 1, start: 1, end: 8 },
        { id: 2, parent: 1, start: 2, end: 3 },
      ]),
    ).toEqual([
      ['span 1', 0, 1],
      ['span 2', 1, 0],
      ['span 1', 0, 0],
    ]);
  });

  test('a child that starts before its parent is marked, but not for a rounded clock', () => {
    const tree = treeOf([
      { id: 1, start: 10, end: 100 },
      { id: 2, parent: 1, start: 4, end: 20 },
      { id: 3, parent: 1, start: 9.5, end: 20 },
    ]);
    expect(tree.rows.map((row) => row.skewNanos)).toEqual([0, 6e6, 0]);
  });

  test('a chain of 20,000 spans is neither recursed into nor slow', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => ({
      id: n + 1,
      ...(n === 0 ? {} : { parent: n }),
      start: n,
      end: 20_000,
    }));
    const tree = treeOf(chain);
    expect(tree.rows.at(-1)?.depth).toBe(19_999);
    expect(tree.rows[0]?.descendants).toBe(19_999);
  });
});

test('collapsed spans hide their whole subtree', () => {
  const { rows } = treeOf(family);
  expect(visibleRows(rows, new Set([id(2)]))).toEqual([0, 1, 3]);
  expect(visibleRows(rows, new Set([id(1)]))).toEqual([0]);
});

test('ancestors are found nearest first', () => {
  expect(ancestorIds(treeOf(family).rows, 2)).toEqual([id(2), id(1)]);
});

test('search looks at names, status and ids, whatever the case', () => {
  const { rows } = treeOf(family);
  expect(findRows(rows, 'SPAN 4')).toEqual([2]);
  expect(findRows(rows, 'boom')).toEqual([2]);
  expect(findRows(rows, 'api')).toEqual([0, 1, 2, 3]);
  expect(findRows(rows, '  ')).toEqual([]);
});
