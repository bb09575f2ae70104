import { copyFile, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecord } from '@maru/journal';
import { concat, noKinds } from '@maru/otlp';
import { tracesRequest } from '@maru/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LetterId, listDeadLetters, readDeadLetter } from '../dead/letters.ts';
import { keepDeadLetter } from '../engine/dead-letters.ts';
import { IntakeLink, intakeSocketPath } from '../link/index.ts';
import { defaultSettings } from '../settings.ts';
import { startIntake } from './intake.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maru-retry-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const received = 1_780_000_000_000;

/** Keeps a request of three spans as the engine's loader does. */
async function letter(segment: number): Promise<LetterId> {
  const account = { items: 3, services: new Map([['board-api', 3]]), kinds: noKinds, nestedValues: 0 };
  const record = encodeRecord(tracesRequest(1, 3), account, BigInt(received) * 1_000_000n);
  const error = new Error('Code: 33. DB::Exception: Cannot read all data\nmore');
  const bytes = concat(...record.buffers);
  await keepDeadLetter(dataDir, { signal: 'traces', segment, offset: 0, bytes, items: 3, error });
  return { signal: 'traces', name: `${String(segment).padStart(12, '0')}-0` };
}

async function withIntake(use: (link: IntakeLink) => Promise<void>): Promise<void> {
  const intake = await startIntake({ ...defaultSettings, dataDir, otlpHttpPort: 0, otlpGrpcPort: 0 });
  const link = new IntakeLink(intakeSocketPath(dataDir));
  try {
    await use(link);
  } finally {
    link.close();
    await intake.close();
  }
}

test('a dead letter tells what it is', async () => {
  const id = await letter(900);
  await letter(20);
  expect((await listDeadLetters(dataDir)).map(({ name }) => name)).toEqual(['000000000020-0', id.name]);
  expect(await readDeadLetter(dataDir, id)).toMatchObject({
    reason: 'Cannot read all data',
    receivedUnixMs: received,
    items: 3,
    services: new Map([['board-api', 3]]),
  });
  expect(await readDeadLetter(dataDir, { ...id, signal: 'logs' })).toBeUndefined();
});

test('it is put back once, however often it is asked for, and the ledger balances', async () => {
  const id = await letter(900);
  await withIntake(async (link) => {
    const outcomes = await Promise.all([link.retry(id), link.retry(id), link.retry(id)]);
    expect(outcomes.filter((outcome) => 'items' in outcome)).toEqual([{ items: 3 }]);
    expect(await link.retry(id)).toEqual({
      refused: `there is no dead letter traces/${id.name}: see ./maru dead list`,
    });
    const { signals, balanced, services } = await link.ledger();
    expect(signals.traces).toMatchObject({ journaled: '3', waiting: '3', dead: '0' });
    expect(services['board-api']?.traces?.journaled).toBe('3');
    expect(balanced).toBe(true);
    expect(await readdir(join(dataDir, 'dead', 'traces'))).toEqual([]);
    const [segment = 0, ...more] = await link.seal('traces');
    expect(more).toEqual([]);
    await link.loaded({ signal: 'traces', segment, stored: 3, dead: 0 });
    const after = await link.ledger();
    expect(after.signals.traces).toMatchObject({ journaled: '3', waiting: '0', stored: '3' });
    expect(after.balanced).toBe(true);
  });
});

test('after a restart it still waits once', async () => {
  const id = await letter(900);
  await withIntake(async (link) => void (await link.retry(id)));
  await withIntake(async (link) => {
    expect(await link.segments('traces')).toHaveLength(1);
    const { signals, balanced } = await link.ledger();
    expect(signals.traces).toMatchObject({ journaled: '3', waiting: '3' });
    expect(balanced).toBe(true);
  });
});

test('after a crash before the ledger was written it is found in the journal and counted once', async () => {
  const id = await letter(900);
  const ledger = join(dataDir, 'ledger.json');
  await withIntake(async (link) => {
    await copyFile(ledger, `${ledger}.before`);
    await link.retry(id);
  });
  await rename(`${ledger}.before`, ledger);
  await withIntake(async (link) => {
    expect(await link.segments('traces')).toHaveLength(1);
    const { signals, balanced } = await link.ledger();
    expect(signals.traces).toMatchObject({ journaled: '3', waiting: '3', dead: '0' });
    expect(balanced).toBe(true);
    expect('refused' in (await link.retry(id))).toBe(true);
  });
});

test('one whose segment is still being loaded has to wait', async () => {
  const first = await letter(900);
  await withIntake(async (link) => {
    await link.retry(first);
    const [segment = 0] = await link.seal('traces');
    const again = await letter(segment);
    expect(await link.retry(again)).toEqual({
      refused: `the journal's segment of traces/${again.name} is still being loaded: try again in a moment`,
    });
    await link.loaded({ signal: 'traces', segment, stored: 0, dead: 3 });
    expect(await link.retry(again)).toEqual({ items: 3 });
    const { signals, balanced } = await link.ledger();
    expect(signals.traces).toMatchObject({ journaled: '6', dead: '3', waiting: '3' });
    expect(balanced).toBe(true);
  });
});

test('a name that leaves the directory is no name', () =>
  withIntake(async (link) => {
    expect(await link.retry({ signal: 'traces', name: '../../keys' })).toEqual({
      refused: '"traces/../../keys" is not the name of a dead letter',
    });
  }));
