/** How the supervisor learns that a child can do its work. */
export type Readiness =
  /** The child calls `process.send({ ready: true })`. Only for Node children. */
  | { readonly kind: 'ipc' }
  /** Ready as soon as the process runs. */
  | { readonly kind: 'started' }
  /** Asked every 50 ms until it resolves true; must not throw and must give up by itself when `signal` aborts. */
  | { readonly kind: 'probe'; readonly isReady: (signal: AbortSignal) => Promise<boolean> };

/** Which of a child's lines reach the terminal; all of them reach its log. */
export type TerminalLines = 'all' | 'warnings' | 'errors';

/** One process to keep alive. */
export interface ChildSpec {
  /** Short and unique: it prefixes lines and names the log file. */
  readonly name: string;
  /** Absolute path of the program, or a name found in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the parent's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working directory; the parent's by default. */
  readonly cwd?: string;
  readonly readiness: Readiness;
  /** How long the child may take to be ready, in milliseconds; 30,000 by default. */
  readonly readyWithinMs?: number;
  /** Lines for the terminal; `warnings` by default. */
  readonly terminal?: TerminalLines;
  /** When false, a child that ends by itself is not started again (the load generator with a duration). */
  readonly restart?: boolean;
}

/** Ready when a GET of `url` answers 200. Anything else, also a refused connection, means not yet. */
export function httpReadiness(url: string): Readiness {
  return { kind: 'probe', isReady: (signal) => answersOk(url, signal) };
}

async function answersOk(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
