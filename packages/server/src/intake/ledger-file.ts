import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalPosition } from '@maru/journal';
import { emptySnapshot, type LedgerSnapshot, parseSnapshot, serializeSnapshot } from '@maru/ledger';
import type { Signal } from '@maru/otlp';

/** The ledger at one moment, with how far into the journal it has counted. */
export interface LedgerCheckpoint {
  readonly snapshot: LedgerSnapshot;
  /** Records before these positions are counted as journaled. */
  readonly journaledThrough: Readonly<Partial<Record<Signal, JournalPosition>>>;
  /** Segments counted as loaded whose files may still be there. */
  readonly loaded: Readonly<Record<Signal, readonly number[]>>;
}

const emptyCheckpoint: LedgerCheckpoint = {
  snapshot: emptySnapshot,
  journaledThrough: {},
  loaded: { traces: [], metrics: [], logs: [] },
};

const version = 1;

/** Reads `<dataDir>/ledger.json`; an absent file is an empty ledger. Throws one sentence when it cannot be read. */
export async function readLedgerFile(dataDir: string): Promise<LedgerCheckpoint> {
  const path = ledgerPath(dataDir);
  const text = await readFile(path, 'utf8').catch(missingAsUndefined);
  if (text === undefined) return emptyCheckpoint;
  try {
    const { ledger, journaledThrough, loaded } = JSON.parse(text) as StoredLedger;
    return {
      snapshot: parseSnapshot(ledger),
      journaledThrough,
      loaded: { ...emptyCheckpoint.loaded, ...loaded },
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
  readonly loaded: LedgerCheckpoint['loaded'];
}

/** Replaces the file in one step: after a crash there is the old ledger or the new one, whole. */
export async function writeLedgerFile(dataDir: string, checkpoint: LedgerCheckpoint): Promise<void> {
  const path = ledgerPath(dataDir);
  const { snapshot, journaledThrough, loaded } = checkpoint;
  const stored: StoredLedger = { version, ledger: serializeSnapshot(snapshot), journaledThrough, loaded };
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
