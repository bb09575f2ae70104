import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import { styleFor } from '../terminal/style.ts';
import type { Proof } from './finding.ts';
import { prove } from './prove.ts';
import { proofLines } from './render.ts';
import { maruAt } from './target.ts';

let system: FakeSystem;

beforeEach(async () => {
  system = await startFakeSystem();
});
afterEach(() => system.close());

function proveIt(deadlineMs = 5_000): Promise<Proof> {
  return prove({ stack: maruAt(system.url), board: system.url, adminPassword: 'admin', deadlineMs });
}

/** What the proof says about the logs when there is no record, for what the ledger counted since the login. */
async function adviceWhen(counts: Readonly<Record<string, string>>): Promise<string> {
  system.answers.records = 0;
  system.answers.ledger = (after) => (after ? counts : {});
  const { logs } = (await proveIt(100)).signals;
  return logs.ok ? '' : logs.checkNext;
}

describe('a system in which everything arrives', () => {
  it('is proved, with what was found of each signal', async () => {
    const { ok, signals } = await proveIt();
    expect(ok).toBe(true);
    expect(signals.traces).toMatchObject({ spans: 2, services: ['board-web', 'board-api', 'MariaDB'] });
    expect(signals.metrics).toMatchObject({
      movedBy: 1,
      found: 'http.server.request.duration moved by 1 for that request',
    });
    expect(signals.logs).toMatchObject({ records: 1, found: '"관리자 로그인 성공" with the same trace id' });
  });

  it('is asked for the very request that was sent', async () => {
    const { signals } = await proveIt();
    if (!signals.traces.ok) throw new Error('the trace was not found');
    expect(system.asked.traceparent).toMatch(new RegExp(`^00-${signals.traces.traceId}-[0-9a-f]{16}-01$`));
    expect(system.asked.loki[0]).toBe(
      `{service_name="board-api"} |= "관리자 로그인 성공" | trace_id="${signals.traces.traceId}"`,
    );
  });

  it('is shown in three lines that end in one column', async () => {
    const lines = proofLines(await proveIt(), styleFor({ write: () => true, isTTY: false, columns: 80 }));
    expect(lines).toHaveLength(3);
    // Hangul takes two columns each, so the line of the logs has nine characters fewer before the time.
    const columns = lines.map(
      (line) => line.indexOf(' visible after ') + (line.match(/[가-힣]/g)?.length ?? 0),
    );
    expect(new Set(columns).size).toBe(1);
  });
});

describe('the metric', () => {
  it('is counted by series: one that is gone does not hide one that moved', async () => {
    system.answers.logins = (after) => (after ? { fresh: 2 } : { old: 50 });
    expect((await proveIt()).signals.metrics).toMatchObject({ ok: true, movedBy: 2 });
  });

  it('that did not move is said to have been there', async () => {
    system.answers.logins = () => ({ one: 3 });
    expect((await proveIt(100)).signals.metrics).toMatchObject({
      ok: false,
      missing: 'not visible within 0.1 s',
      lastSeen: '1 series of http.server.request.duration that did not move',
    });
  });
});

describe('a trace', () => {
  it('of the API alone is told apart from none', async () => {
    const spans = [{ attributes: [{ key: 'http.route', value: { stringValue: '/api/login' } }] }];
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'board-api' } }] };
    system.answers.trace = { trace: { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] } };
    const { ok, signals } = await proveIt(100);
    expect(ok).toBe(false);
    expect(signals.traces).toMatchObject({ lastSeen: '1 spans of board-api; none of board-web, MariaDB' });
  });

  it('is waited for until every span has its parent, however long nothing comes', async () => {
    const whole = system.answers.trace;
    const span = { spanId: 'b1', parentSpanId: 'a1' };
    const later = { scopeSpans: [{ spans: [span] }] };
    const { resourceSpans } = (whole as { trace: { resourceSpans: object[] } }).trace;
    system.answers.trace = { trace: { resourceSpans: [...resourceSpans, later] } };
    const parent = { scopeSpans: [{ spans: [{ spanId: 'a1' }] }] };
    setTimeout(() => {
      system.answers.trace = { trace: { resourceSpans: [...resourceSpans, later, parent] } };
    }, 1_000);
    expect((await proveIt()).signals.traces).toMatchObject({ ok: true, spans: 4 });
  });

  it('whose browser spans were refused says so', async () => {
    system.answers.otlpStatus = 404;
    system.answers.trace = undefined;
    const { traces } = (await proveIt(100)).signals;
    expect(traces.ok ? '' : traces.lastSeen).toMatch(
      /answered 404: .*; the browser's spans were not taken: .*\/otlp\/v1\/traces answered 404$/,
    );
  });
});

describe('what to check next, by the stage that the ledger shows', () => {
  it.each([
    ['the sender', {}, 'the Board sends no logs to this stack'],
    ['the door', { received: '5', rejected: '2' }, 'read why under "rejections"'],
    ['the store', { received: '5', dead: '1' }, 'the store refused some of it'],
    ['the loader', { received: '5', waiting: '5' }, 'the engine does not keep up'],
    ['the query', { received: '5', stored: '5' }, 'it is stored, but under another service name or trace'],
  ])('is %s', async (_stage, counts, advice) => {
    expect(await adviceWhen(counts)).toContain(advice);
  });
});

describe('a Board that does not let us in', () => {
  it.each([
    [401, 'set BOARD_ADMIN_PASSWORD'],
    [503, 'look into the log of its API'],
  ])('with %i is an error, since there is nothing to prove', async (status, advice) => {
    system.answers.loginStatus = status;
    await expect(proveIt()).rejects.toThrow(advice);
  });
});
