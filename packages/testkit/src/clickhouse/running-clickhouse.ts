import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ended } from '../stack/peer-process.ts';

/** What the server is started with. */
export interface FixtureSettings {
  readonly directory: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** As `clickhouse local` takes them. */
  readonly engineArguments: readonly string[];
  /** What it says it is; the engine's own version by default. */
  readonly version?: string;
  /** Statements that are answered with an error, by a pattern of their text. */
  readonly denied: readonly { readonly pattern: string; readonly error: string }[];
}

const program: string = fileURLToPath(new URL('server.ts', import.meta.url));

/**
 * The same engine behind ClickHouse's HTTP interface: parameters, settings, users, streamed and compressed results, errors in
 * the status or in the body, `input()`, KILL QUERY. It has one node; ON CLUSTER is passed over.
 */
export class RunningClickHouse {
  readonly #settings: FixtureSettings;
  #child: ChildProcess | undefined;
  #port: number;

  private constructor(settings: FixtureSettings) {
    this.#settings = settings;
    this.#port = settings.port;
  }

  static async start(settings: Partial<FixtureSettings> = {}): Promise<RunningClickHouse> {
    const server = new RunningClickHouse({
      directory: mkdtempSync(join(tmpdir(), 'maru-clickhouse-')),
      port: 0,
      user: 'maru',
      password: 'secret-of-the-store',
      engineArguments: [],
      denied: [],
      ...settings,
    });
    await server.start();
    return server;
  }

  get directory(): string {
    return this.#settings.directory;
  }

  get port(): number {
    return this.#port;
  }

  /** As the store takes it. */
  url(database = 'maru', parameters = ''): string {
    const { user, password } = this.#settings;
    return `clickhouse://${user}:${password}@127.0.0.1:${this.#port}/${database}${parameters}`;
  }

  /** Starts it again, on the same port and over the same data; by default as it was started before. */
  async start(denied: FixtureSettings['denied'] = this.#settings.denied): Promise<void> {
    const settings = { ...this.#settings, port: this.#port, denied };
    const child = fork(program, [], {
      // The engine keeps schemas that come as text in a folder of where it runs.
      cwd: this.#settings.directory,
      env: { ...process.env, CLICKHOUSE_FIXTURE: JSON.stringify(settings), UV_THREADPOOL_SIZE: '32' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const first = await Promise.race([
      once(child, 'message').then(([message]) => message as { port: number }),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the ClickHouse fixture ended with ${code} before it listened`);
      }),
    ]);
    this.#child = child;
    this.#port = first.port;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    if (this.#child !== undefined) await ended(this.#child);
    this.#child = undefined;
  }

  /** Ends it and removes its data. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#settings.directory, { recursive: true, force: true });
  }
}
