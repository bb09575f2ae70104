import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '@maru/journal';
import type { Signal } from '@maru/otlp';

/** Which segment, of which stack. */
export interface SegmentPlace {
  readonly dataDir: string;
  readonly signal: Signal;
  readonly number: number;
}

/**
 * The parts of one segment that were too much for the engine's memory, by the tokens they were to be loaded by; in
 * `run/<signal>-<number>.halved`, a line each. Once a half of a part is in, the part must not be tried whole again, also after a
 * kill: it might succeed, and have that half twice.
 */
export class HalvedParts {
  readonly #path: string;
  readonly #directory: string;
  readonly #tokens: Set<string>;

  private constructor(place: SegmentPlace, tokens: Iterable<string>) {
    this.#path = pathOf(place);
    this.#directory = directoryOf(place);
    this.#tokens = new Set(tokens);
  }

  static async of(place: SegmentPlace): Promise<HalvedParts> {
    const text = await readFile(pathOf(place), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return new HalvedParts(place, text.split('\n'));
  }

  has(token: string): boolean {
    return this.#tokens.has(token);
  }

  /** Durable when it resolves. */
  async note(token: string): Promise<void> {
    const file = await open(this.#path, 'a');
    try {
      await file.write(`${token}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncDirectory(this.#directory);
    this.#tokens.add(token);
  }
}

/** To be called once nobody will load the segment again. */
export async function forgetHalvedParts(place: SegmentPlace): Promise<void> {
  await rm(pathOf(place), { force: true });
}

function directoryOf({ dataDir }: SegmentPlace): string {
  return join(dataDir, 'run');
}

function pathOf(place: SegmentPlace): string {
  return join(directoryOf(place), `${place.signal}-${place.number}.halved`);
}
