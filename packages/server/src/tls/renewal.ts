import { stat } from 'node:fs/promises';
import type { TlsMaterial } from '@maru/receive';
import type { TlsFiles } from '../settings.ts';
import { readTls } from './tls-files.ts';

export interface RenewalOptions {
  readonly renewed: (material: TlsMaterial) => void;
  /** Told in one sentence what became of changed files. */
  readonly say: (sentence: string) => void;
  readonly intervalMs?: number;
}

const defaultIntervalMs = 5_000;

/**
 * Looks at the files every few seconds and hands them over when they changed. It asks and does not wait for events of the
 * file system, which are lost where a directory is exchanged whole, as Kubernetes does with a Secret. Files that cannot
 * be used leave the former certificate in use; as certificate and key are seldom replaced in one step, that is told only
 * when it lasts until the next look.
 */
export class TlsRenewal {
  readonly #files: TlsFiles;
  readonly #options: RenewalOptions;
  readonly #timer: NodeJS.Timeout;
  #mark: string;
  #trouble = '';
  #told = '';
  #looking: Promise<void> = Promise.resolve();

  private constructor(files: TlsFiles, mark: string, options: RenewalOptions) {
    this.#files = files;
    this.#mark = mark;
    this.#options = options;
    const look = (): void => {
      this.#looking = this.#looking.then(() => this.#look());
    };
    this.#timer = setInterval(look, options.intervalMs ?? defaultIntervalMs).unref();
  }

  /** Reads the files for the first time, and follows them. Throws one sentence when they cannot be used. */
  static async start(
    files: TlsFiles,
    options: RenewalOptions,
  ): Promise<{ readonly material: TlsMaterial; readonly renewal: TlsRenewal }> {
    // The mark comes first: a change in between is then seen as one.
    const mark = await markOf(files);
    return { material: await readTls(files), renewal: new TlsRenewal(files, mark, options) };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const mark = await markOf(this.#files);
    if (mark === this.#mark) return;
    try {
      this.#options.renewed(await readTls(this.#files));
      this.#mark = mark;
      this.#trouble = '';
      this.#told = '';
      this.#options.say(`the TLS certificate ${this.#files.certPath} was read anew`);
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  #tell(trouble: string): void {
    if (trouble === this.#trouble && trouble !== this.#told) {
      this.#told = trouble;
      this.#options.say(`the former TLS certificate stays in use: ${trouble}`);
    }
    this.#trouble = trouble;
  }
}

async function markOf({ certPath, keyPath, clientCaPath }: TlsFiles): Promise<string> {
  const paths = [certPath, keyPath, ...(clientCaPath === undefined ? [] : [clientCaPath])];
  const marks = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ ino, size, mtimeMs }) => `${ino}/${size}/${mtimeMs}`,
        () => 'missing',
      ),
    ),
  );
  return marks.join(' ');
}
