import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { identifier, join, type Sql, sql, trusted } from '../../sql.ts';
import type { BlockInsert } from '../engine.ts';
import { blockSettings, insertSettings } from '../insert-settings.ts';

/** Files of blocks that are on their way into the engine, in a directory of their own. */
export class BlockFiles {
  readonly #directory: string;
  #made = 0;

  /** @param directory absolute; made, and emptied of what a process that was ended left there */
  constructor(directory: string) {
    this.#directory = directory;
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
  }

  /** Lends a file that holds the pieces, until `use` is done. */
  async lend(pieces: readonly Uint8Array[], use: (path: string) => Promise<unknown>): Promise<void> {
    this.#made += 1;
    const path = joinPath(this.#directory, `${this.#made}.native`);
    try {
      await writePieces(path, pieces);
      await use(path);
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** The INSERT as an engine runs it that can read the block's file. */
export function insertBlockFile({ name, text, structure }: BlockInsert, path: string, token: string): Sql {
  const block = sql`file(${path}, 'Native', ${structure})`.text;
  const settings = { ...blockSettings, ...insertSettings(`${token}/${name}`) };
  const assigned = Object.entries(settings).map(([name, value]) => sql`${identifier(name)} = ${value}`);
  return sql`${trusted(text.replace('{block}', () => block))} SETTINGS ${join(assigned, ', ')}`;
}

async function writePieces(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    const { bytesWritten } = await file.writev([...pieces]);
    if (bytesWritten < size) await writeRest(file, pieces, bytesWritten);
  } finally {
    await file.close();
  }
}

/** A write may take less than it was given. */
async function writeRest(file: FileHandle, pieces: readonly Uint8Array[], written: number): Promise<void> {
  let before = written;
  for (const piece of pieces) {
    const from = Math.min(before, piece.length);
    before -= from;
    if (from < piece.length) await file.writeFile(piece.subarray(from));
  }
}
