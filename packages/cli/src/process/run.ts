import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the program's standard input, which is then closed. */
  readonly input?: string;
  /** Ends the program when it aborts. */
  readonly signal?: AbortSignal;
}

/** What a program that ran to its end left. */
export interface RunResult {
  /** The exit code; 128 when a signal ended it, 127 when it could not be started. */
  readonly code: number;
  readonly stdout: string;
  /** Standard output and error in the order they came: what a person would have seen. */
  readonly output: string;
}

/** Runs a program to its end. Never rejects: a program that cannot be started is one that ends with 127. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { cwd, env, input, signal } = options;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    signal,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stdout: string[] = [];
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout.push(text);
    output.push(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
  // A program that ends without reading its input closes the pipe on us; its exit code tells the story.
  child.stdin.on('error', () => {}).end(input ?? '');
  return new Promise((resolve) => {
    const end = (code: number): void => resolve({ code, stdout: stdout.join(''), output: output.join('') });
    child.once('error', (error) => {
      output.push(error.message);
      end(127);
    });
    child.once('close', (code) => end(code ?? 128));
  });
}

/** The last lines of a program's output, for a message. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
