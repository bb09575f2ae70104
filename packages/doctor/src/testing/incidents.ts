import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A text as people paste it, and what the doctor must make of it: exactly these root causes, no more and no fewer. */
export interface Incident {
  readonly title: string;
  /** The file that it stands in, seen from `testdata`. */
  readonly file: string;
  /** `recorded by …`, or `written after …` where the tool that says it cannot be run here. */
  readonly origin: string;
  readonly fires: readonly string[];
  /** Causes that must stand under a root cause. */
  readonly follows: readonly string[];
  /** Causes that this incident looks like; they must not fire. */
  readonly unlike: readonly string[];
  readonly text: string;
}

const folder = join(import.meta.dirname, '../../testdata');

/**
 * Every incident of `testdata/incidents` and `testdata/recorded`. A file begins with its `origin:`; each incident with
 * `=== title`, then `fires:`, `follows:`, `unlike:` and an `origin:` of its own where it has one. `from:` names files beside
 * it that hold the text.
 */
export function readIncidents(): readonly Incident[] {
  return globSync(['incidents/*.txt', 'recorded/**/*.txt'], { cwd: folder })
    .toSorted()
    .flatMap((file) => incidentsIn(readFileSync(join(folder, file), 'utf8'), file));
}

function incidentsIn(text: string, file: string): readonly Incident[] {
  const [preface = '', ...blocks] = text.split(/^=== /m);
  const ofFile = headsOf(preface.split('\n')).heads.get('origin') ?? '';
  return blocks.map((block) => incidentFrom(block.split('\n'), file, ofFile));
}

function incidentFrom([title = '', ...lines]: readonly string[], file: string, ofFile: string): Incident {
  const { heads, rest } = headsOf(lines);
  const words = (name: string): readonly string[] =>
    (heads.get(name) ?? '').split(/\s+/).filter((id) => id !== '');
  const from = words('from').map((path) => join(folder, dirname(file), path));
  return {
    title: `${file.replace(/^incidents\//, '').replace(/\.txt$/, '')}: ${title}`,
    file,
    origin: heads.get('origin') ?? ofFile,
    fires: words('fires'),
    follows: words('follows'),
    unlike: words('unlike'),
    text: [...from.map((path) => readFileSync(path, 'utf8')), rest.join('\n')].join('\n'),
  };
}

function headsOf(lines: readonly string[]): {
  readonly heads: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
} {
  const heads = new Map<string, string>();
  let index = 0;
  for (; index < lines.length; index++) {
    const match = /^(origin|fires|follows|unlike|from):\s*(.*)$/.exec(lines[index] ?? '');
    if (match === null) break;
    heads.set(match[1] ?? '', match[2] ?? '');
  }
  return { heads, rest: lines.slice(index) };
}

/** Whether a real tool said it, rather than a person who knows its words. */
export function isRecorded({ origin }: Incident): boolean {
  return origin.startsWith('recorded by ');
}
