import { readFileSync } from 'node:fs';
import { QueryError } from '@maru/query-core';
import {
  caseEpochNanos,
  encodeSpans,
  foundLines,
  openTestStore,
  readCases,
  readSpans,
  type TestStore,
} from '@maru/testkit/queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planSearch, search } from './index.ts';

const file = readCases(readFileSync(new URL('../testdata/search.txt', import.meta.url), 'utf8'));
const range = { startUnixNano: caseEpochNanos, endUnixNano: caseEpochNanos + 3_600_000_000_000n };

let opened: TestStore;

beforeAll(async () => {
  opened = openTestStore();
  await opened.load('traces', encodeSpans(readSpans(file.load)));
});

afterAll(() => opened.close());

async function found(
  query: string,
  limits = { traces: 100, spansPerTrace: 100 },
): Promise<readonly string[]> {
  try {
    const traces = await search(opened.store.reader, planSearch(query, range), limits);
    return foundLines(
      traces.map(({ traceId, spans }) => ({ traceId, spans: spans.map((span) => span.name) })),
    );
  } catch (error) {
    if (error instanceof QueryError) return [`error: ${error.message}`];
    throw error;
  }
}

test.each(file.cases)('line $line: $query', async ({ query, expected }) => {
  const [first = ''] = expected;
  if (first.startsWith('error: /')) {
    expect((await found(query))[0]?.slice(7)).toMatch(new RegExp(first.slice(8, -1)));
  } else {
    expect(await found(query)).toEqual(expected);
  }
});
