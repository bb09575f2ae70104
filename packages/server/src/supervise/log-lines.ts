import type { TerminalLines } from './child-spec.ts';

/** How loud a line is: what decides whether it reaches the terminal. */
export type Loudness = 'error' | 'warning' | 'quiet';

/** Longest line kept whole, in characters: a child that never ends a line must not fill the memory. */
const longestLine = 16 * 1024;

const errorWords = /\b(?:error|fatal|panic)\b/i;
const warningWords = /\bwarn(?:ing)?\b/i;

/**
 * Reads how loud a line is: pino's JSON by its level, MariaDB's by its tag (`[ERROR]`, `[Warning]`, `[Note]`), any
 * other by its words.
 */
export function loudness(line: string): Loudness {
  const level = /^\{.*?"level":(\d+)/.exec(line)?.[1];
  if (level !== undefined) return Number(level) >= 50 ? 'error' : Number(level) >= 40 ? 'warning' : 'quiet';
  const tag = /\[(ERROR|Warning|Note)\]/.exec(line)?.[1];
  if (tag !== undefined) return tag === 'ERROR' ? 'error' : tag === 'Warning' ? 'warning' : 'quiet';
  if (errorWords.test(line)) return 'error';
  return warningWords.test(line) ? 'warning' : 'quiet';
}

/** Whether a line is for the terminal under the child's choice. */
export function isForTerminal(line: string, choice: TerminalLines): boolean {
  if (choice === 'all') return true;
  const loud = loudness(line);
  return loud === 'error' || (loud === 'warning' && choice === 'warnings');
}

/** Cuts a stream of text into lines. Feed it chunks; it returns the lines that ended, and keeps the rest. */
export class LineSplitter {
  #rest = '';

  push(chunk: string): readonly string[] {
    const parts = (this.#rest + chunk).split(/\r?\n/);
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > longestLine) parts.push(this.takeRest());
    return parts.filter((line) => line !== '');
  }

  /** What stands after the last line end; empties the splitter. */
  takeRest(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }
}
