import { expect, test } from 'vitest';
import { foundTraceRow } from './foundTrace.ts';

test('ids are filled up, counts come from the services', () => {
  const row = foundTraceRow({
    traceID: 'af7651916cd43dd8448eb211c80319c',
    rootServiceName: 'web',
    rootTraceName: 'GET /',
    startTimeUnixNano: '1700000000123000000',
    durationMs: 12,
    serviceStats: { web: { spanCount: 1 }, api: { spanCount: 4, errorCount: 2 } },
  });
  expect(row).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    rootService: 'web',
    rootName: 'GET /',
    isRootMissing: false,
    startMillis: 1_700_000_000_123,
    durationNanos: 12e6,
    spans: 5,
    errors: 2,
    services: [
      { name: 'api', spans: 4 },
      { name: 'web', spans: 1 },
    ],
  });
});

test('zeros left out by the wire are zeros, and matched spans stand in for the count', () => {
  const row = foundTraceRow({ traceID: '1', spanSets: [{ matched: 3, spans: [{ durationNanos: '5000' }] }] });
  expect(row).toMatchObject({ spans: 3, errors: 0, durationNanos: 5000, startMillis: 0 });
});

test('a root that has not arrived is known by its name', () => {
  expect(foundTraceRow({ traceID: '1', rootServiceName: '<root span not yet received>' }).isRootMissing).toBe(
    true,
  );
});
