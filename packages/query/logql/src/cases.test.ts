import { readFileSync } from 'node:fs';
import { nanosPerSecond, printFloat, printLabels, QueryError } from '@maru/query-core';
import { sql } from '@maru/store';
import {
  caseEpochNanos,
  encodeRecords,
  openTestStore,
  readCases,
  readRecords,
  type TestStore,
} from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate, parse, type Steps, selectLines, stepsOf, stepUnixNano, type Value } from './index.ts';

let opened: TestStore;

beforeAll(() => {
  opened = openTestStore();
});

afterAll(() => opened.close());

/** The lines of a result, or the error instead. */
async function outcome(run: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    const found = await run();
    return found.length === 0 ? ['nothing'] : found;
  } catch (error) {
    if (error instanceof QueryError) return [`error: ${error.message}`];
    throw error;
  }
}

async function lines(query: string, direction: 'forward' | 'backward'): Promise<readonly string[]> {
  const log = parse(query);
  if (log.kind !== 'log') throw new Error(`${query} is no log query`);
  const range = { startUnixNano: caseEpochNanos, endUnixNano: caseEpochNanos + 600n * nanosPerSecond };
  const limits = { direction, limit: 100, intervalNanos: 0n, range };
  const found = await selectLines(log, limits, { reader: opened.store.reader, text: query, options: {} });
  return found.map((line) => line.text);
}

async function range(query: string): Promise<readonly string[]> {
  const expression = parse(query);
  if (expression.kind === 'log') throw new Error(`${query} is no metric query`);
  const steps = stepsOf(caseEpochNanos, caseEpochNanos + 60n * nanosPerSecond, 10n * nanosPerSecond);
  const value = await evaluate(expression, steps, { reader: opened.store.reader, text: query, options: {} });
  return valueLines(value, steps);
}

function valueLines(value: Value, steps: Steps): readonly string[] {
  if (value.kind === 'scalar') return [`number ${points(value.values, steps)}`];
  return value.series.map(({ labels, values }) => `${printLabels(labels)} ${points(values, steps)}`);
}

function points(values: Float64Array, steps: Steps): string {
  const seconds = (step: number): bigint => (stepUnixNano(steps, step) - caseEpochNanos) / nanosPerSecond;
  return [...values]
    .flatMap((value, step) => (Number.isNaN(value) ? [] : [`${seconds(step)}:${printFloat(value)}`]))
    .join(' ');
}

describe.each(['lines', 'metrics'])('testdata/%s.txt', (name) => {
  const file = readCases(readFileSync(new URL(`../testdata/${name}.txt`, import.meta.url), 'utf8'));

  beforeAll(async () => {
    await opened.store.write(sql`TRUNCATE TABLE logs`);
    await opened.store.write(sql`TRUNCATE TABLE resources`);
    await opened.load('logs', encodeRecords(readRecords(file.load)));
  });

  test.each(file.cases)('line $line: $query', async ({ words, query, expected }) => {
    if (words[0] === 'range') {
      expect((await outcome(() => range(query))).toSorted()).toEqual(expected.toSorted());
    } else {
      expect(await outcome(() => lines(query, words[0] === 'forward' ? 'forward' : 'backward'))).toEqual(
        expected,
      );
    }
  });
});
