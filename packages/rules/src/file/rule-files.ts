import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuleGroup } from '../group.ts';
import { type RuleDefaults, readRules } from './read.ts';

/** The groups of all files that patterns find, in the order of their names. Rejects with the first file that is wrong. */
export async function loadRules(
  patterns: readonly string[],
  defaults: RuleDefaults,
): Promise<readonly RuleGroup[]> {
  return groupsOf(await readFiles(patterns), defaults);
}

type Texts = ReadonlyMap<string, string>;

async function readFiles(patterns: readonly string[]): Promise<Texts> {
  const found = new Set<string>();
  for (const pattern of patterns) for await (const file of glob(pattern)) found.add(file);
  return new Map([...found].toSorted().map((file) => [file, readFileSync(file, 'utf8')]));
}

function groupsOf(texts: Texts, defaults: RuleDefaults): readonly RuleGroup[] {
  return [...texts].flatMap(([file, text]) => readRules(text, file, defaults));
}

/** How often files are looked at. */
const lookMs = 5_000;

export interface RuleFilesOptions {
  readonly patterns: readonly string[];
  readonly defaults: RuleDefaults;
  /** Told the groups when files have changed. */
  readonly changed: (groups: readonly RuleGroup[]) => Promise<void>;
  readonly report: (sentence: string) => void;
}

/** Looks at the files again and again. A file that cannot be read leaves the former rules at work. Who makes it closes it. */
export class RuleFiles {
  readonly #options: RuleFilesOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #texts: Texts;

  private constructor(options: RuleFilesOptions, texts: Texts) {
    this.#options = options;
    this.#texts = texts;
    this.#done = this.#run();
  }

  /** Loads the rules and follows them. Rejects when a file is wrong: nobody starts with rules that are not what is written. */
  static async open(options: RuleFilesOptions): Promise<RuleFiles> {
    const texts = await readFiles(options.patterns);
    await options.changed(groupsOf(texts, options.defaults));
    return new RuleFiles(options, texts);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await delay(lookMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (!this.#stop.signal.aborted) await this.#look();
    }
  }

  async #look(): Promise<void> {
    try {
      const texts = await readFiles(this.#options.patterns);
      if (isSame(texts, this.#texts)) return;
      this.#texts = texts;
      await this.#options.changed(groupsOf(texts, this.#options.defaults));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.report(`the rules were not read again, the former stay at work: ${why}`);
    }
  }
}

function isSame(left: Texts, right: Texts): boolean {
  return left.size === right.size && [...left].every(([file, text]) => right.get(file) === text);
}
