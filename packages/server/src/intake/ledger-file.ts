import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalPosition } from '@maru/journal';
import { emptySnapshot, type LedgerSnapshot, parseSnapshot, serializeSnapshot } from '@maru/ledger';
import type { Signal } from '@maru/otlp';
import type { CursorPositions } from './cursors.ts';

/** The ledger at one moment, with how far into the journal it has counted. */
export interface LedgerCheckpoint {
  readonly snapshot: LedgerSnapshot;
  /** Records before these positions are counted as journaled. */
  readonly journaledThrough: Readonly<Partial<Record<Signal, JournalPosition>>>;
  /** Segments counted as loaded whose files may still be there, because of a crash or for destinations of forwarding. */
  readonly loaded: Readonly<Record<Signal, readonly number[]>>;
  /** Where the destinations of forwarding stand. */
  readonly cursors: CursorPositions;
}

const emptyCheckpoint: LedgerCheckpoint = {
  snapshot: emptySnapshot,
  journaledThrough: {},
  loaded: { traces: [], metrics: [], logs: [] },
  cursors: {},
};

const version = 1;

/** Reads `<dataDir>/ledger.json`; an absent file is an empty ledger. Throws one sentence when it cannot be read. */
export async function readLedgerFile(dataDir: string): Promise<LedgerCheckpoint> {
  const path = ledgerPath(dataDir);
  const text = await readFile(path, 'utf8').catch(missingAsUndefined);
  if (text === undefined) return emptyCheckpoint;
  try {
    const { ledger, journaledThrough, loaded, cursors } = JSON.parse(text) as StoredLedger;
    return {
      snapshot: parseSnapshot(ledger),
      journaledThrough,
      loaded: {
        traces: fromRuns(loaded.traces),
        metrics: fromRuns(loaded.metrics),
        logs: fromRuns(loaded.logs),
      },
      cursors: cursors ?? {},
    };
  } catch (error) {
    throw new Error(
      `cannot read the ledger ${path}: ${error instanceof Error ? error.message : String(error)}; ` +
        'move the file away to start counting from what the journal holds',
    );
  }
}

interface StoredLedger {
  readonly version: number;
  readonly ledger: unknown;
  readonly journaledThrough: LedgerCheckpoint['journaledThrough'];
  readonly loaded: Readonly<Partial<Record<Signal, readonly Run[]>>>;
  readonly cursors?: CursorPositions;
}

/** Numbers that follow each other, first and last: a destination that is away for hours holds thousands. */
type Run = readonly [first: number, last: number] | number;

function toRuns(numbers: readonly number[]): readonly Run[] {
  const runs: [number, number][] = [];
  for (const number of numbers.toSorted((left, right) => left - right)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

function fromRuns(runs: readonly Run[] = []): readonly number[] {
  return runs.flatMap((run) => {
    const [first, last] = typeof run === 'number' ? [run, run] : run;
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** Replaces the file in one step: after a crash there is the old ledger or the new one, whole. */
export async function writeLedgerFile(dataDir: string, checkpoint: LedgerCheckpoint): Promise<void> {
  const path = ledgerPath(dataDir);
  const { snapshot, journaledThrough, cursors } = checkpoint;
  const loaded = {
    traces: toRuns(checkpoint.loaded.traces),
    metrics: toRuns(checkpoint.loaded.metrics),
    logs: toRuns(checkpoint.loaded.logs),
  };
  const ledger = serializeSnapshot(snapshot);
  const stored: StoredLedger = { version, ledger, journaledThrough, loaded, cursors };
  const handle = await open(`${path}.new`, 'w');
  try {
    await handle.writeFile(JSON.stringify(stored));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
}

function ledgerPath(dataDir: string): string {
  return join(dataDir, 'ledger.json');
}

function missingAsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
