import { describe, expect, test } from 'vitest';
import { imbalances } from './balance.ts';
import { ledgerReport, parseSnapshot, serializeSnapshot } from './json.ts';
import { Ledger, mergeSnapshots, type RejectedItems } from './ledger.ts';
import { prometheusText } from './prometheus.ts';
import type { Reason } from './reasons.ts';
import { maxSamples, maxServices, otherServices, receivedTotal, waitingTotal } from './state.ts';

const none = { traces: 0, metrics: 0, logs: 0 };

function rejection(reason: Reason, count: number, timeUnixNano = '1'): RejectedItems {
  const sample = { timeUnixNano, source: 'board-api', reason, field: 'f', count, detail: 'a sentence' };
  return { signal: 'traces', services: new Map([['board-api', count]]), samples: [sample] };
}

function filled(): Ledger {
  const ledger = new Ledger();
  ledger.journaled(
    'traces',
    10,
    new Map([
      ['board-api', 7],
      ['board-web', 3],
    ]),
  );
  ledger.rejected(rejection('invalid_trace_id', 2));
  ledger.loaded('traces', 6, 1);
  return ledger;
}

test('received is rejected and journaled; waiting is journaled without stored and dead', () => {
  const { traces } = filled().snapshot().signals;
  expect(receivedTotal(traces)).toBe(12);
  expect(waitingTotal(traces)).toBe(3);
});

test('the report has the shape of /api/ledger', () => {
  expect(ledgerReport(filled().snapshot(), { ...none, traces: 3 }, 1_000)).toEqual({
    signals: {
      traces: { received: '12', rejected: '2', journaled: '10', stored: '6', dead: '1', waiting: '3' },
      metrics: { received: '0', rejected: '0', journaled: '0', stored: '0', dead: '0', waiting: '0' },
      logs: { received: '0', rejected: '0', journaled: '0', stored: '0', dead: '0', waiting: '0' },
    },
    services: {
      'board-api': { traces: { journaled: '7', rejected: '2' } },
      'board-web': { traces: { journaled: '3', rejected: '0' } },
    },
    rejections: [
      {
        timeUnixNano: '1',
        signal: 'traces',
        source: 'board-api',
        reason: 'invalid_trace_id',
        field: 'f',
        count: '2',
        detail: 'a sentence',
      },
    ],
    destinations: {},
    balanced: true,
    timeUnixNano: '1000000000',
  });
});

test('an item that the journal lost or doubled shows as an imbalance', () => {
  const snapshot = filled().snapshot();
  expect(imbalances(snapshot, { ...none, traces: 3 })).toEqual([]);
  expect(imbalances(snapshot, { ...none, traces: 2 })).toEqual([{ signal: 'traces', counted: 3, found: 2 }]);
  expect(ledgerReport(snapshot, { ...none, traces: 4 }, 0).balanced).toBe(false);
});

test('a snapshot is a value of its own and survives a file', () => {
  const ledger = filled();
  const snapshot = ledger.snapshot();
  const stored: unknown = JSON.parse(JSON.stringify(serializeSnapshot(snapshot)));
  ledger.journaled('traces', 5, new Map());
  expect(parseSnapshot(stored)).toEqual(snapshot);
  expect(new Ledger(parseSnapshot(stored)).snapshot()).toEqual(snapshot);
  expect(parseSnapshot({})).toEqual(new Ledger().snapshot());
});

describe('bounds', () => {
  test('services beyond the limit are counted together, so that names cannot fill the memory', () => {
    const ledger = new Ledger();
    for (let index = 0; index < maxServices + 500; index++)
      ledger.journaled('logs', 1, new Map([[`s${index}`, 1]]));
    const { services } = ledger.snapshot();
    expect(services.size).toBe(maxServices + 1);
    expect(services.get(otherServices)?.logs?.journaled).toBe(500);
  });

  test('the newest rejections are kept', () => {
    const ledger = new Ledger();
    for (let index = 0; index < maxSamples + 5; index++)
      ledger.rejected(rejection('malformed', 1, String(index)));
    const { rejections, signals } = ledger.snapshot();
    expect(rejections).toHaveLength(maxSamples);
    expect(rejections.at(-1)?.timeUnixNano).toBe(String(maxSamples + 4));
    expect(signals.traces.rejected.malformed).toBe(maxSamples + 5);
  });
});

test('a service named like a property of objects is a service like others', () => {
  const ledger = new Ledger();
  ledger.journaled('traces', 1, new Map([['__proto__', 1]]));
  expect(JSON.stringify(ledgerReport(ledger.snapshot(), none, 0).services)).toContain(
    '"__proto__":{"traces"',
  );
});

describe('a destination', () => {
  function forwarding(): Ledger {
    const ledger = new Ledger();
    ledger.offered('tempo', 'traces', 100);
    ledger.settled('tempo', 'traces', { forwarded: 60, rejected: 5, filtered: 10 });
    ledger.settled('tempo', 'traces', { failed: 4, dropped: { disk_cap: 11 }, early: 3 });
    return ledger;
  }

  test('has every item in one place, and keeps that over a restart', () => {
    const stored = JSON.parse(JSON.stringify(serializeSnapshot(forwarding().snapshot())));
    const snapshot = parseSnapshot(stored);
    expect(ledgerReport(snapshot, none, 0).destinations.tempo?.signals.traces).toEqual({
      offered: '100',
      forwarded: '60',
      rejected: '5',
      failed: '4',
      filtered: '10',
      dropped: '11',
      droppedBy: { disk_cap: '11' },
      early: '3',
      waiting: '10',
    });
  });

  test('is shown as Prometheus text', () => {
    const text = prometheusText(forwarding().snapshot(), none);
    expect(text).toContain(
      'maru_forward_items_total{destination="tempo",signal="traces",outcome="dropped",reason="disk_cap"} 11\n',
    );
    expect(text).toContain('maru_forward_waiting_items{destination="tempo",signal="traces"} 10\n');
  });

  test('of two ledgers adds up', () => {
    const { destinations } = mergeSnapshots(forwarding().snapshot(), forwarding().snapshot());
    expect(destinations.get('tempo')?.traces).toMatchObject({ offered: 200, dropped: { disk_cap: 22 } });
  });
});

test('two ledgers add up', () => {
  const merged = mergeSnapshots(filled().snapshot(), filled().snapshot());
  expect(merged.signals.traces).toEqual({
    rejected: { invalid_trace_id: 4 },
    journaled: 20,
    stored: 12,
    dead: 2,
  });
  expect(merged.services.get('board-api')).toEqual({ traces: { journaled: 14, rejected: 4 } });
  expect(merged.rejections).toHaveLength(2);
});

test('the ledger as Prometheus text', () => {
  const text = prometheusText(filled().snapshot(), { ...none, traces: 3 });
  expect(text).toContain('maru_ledger_items_total{signal="traces",stage="journaled",reason=""} 10\n');
  expect(text).toContain(
    'maru_ledger_items_total{signal="traces",stage="rejected",reason="invalid_trace_id"} 2\n',
  );
  expect(text).toContain('maru_journal_waiting_items{signal="traces"} 3\n');
  expect(text.endsWith('\n')).toBe(true);
});

test('a service is known by when it last sent and by its rhythm, through a restart', () => {
  const ledger = new Ledger();
  const fromBoard = new Map([['board-api', 1]]);
  for (let second = 100; second <= 160; second++) ledger.journaled('metrics', 1, fromBoard, second * 1_000);
  const restarted = new Ledger(
    parseSnapshot(JSON.parse(JSON.stringify(serializeSnapshot(ledger.snapshot())))),
  );
  restarted.journaled('metrics', 1, fromBoard);
  const { services } = ledgerReport(restarted.snapshot(), { ...none, metrics: 62 }, 165_000);
  expect(services['board-api']?.metrics).toEqual({
    journaled: '62',
    rejected: '0',
    lastTimeUnixNano: '160000000000',
    usualGapMillis: 1_000,
  });
});
