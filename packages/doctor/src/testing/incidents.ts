import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A text as people paste it, and what the doctor must make of it: exactly these root causes, no more and no fewer. */
export interface Incident {
  readonly title: string;
  readonly fires: readonly string[];
  /** Causes that must stand under a root cause. */
  readonly follows: readonly string[];
  /** Causes that this incident looks like; they must not fire. */
  readonly unlike: readonly string[];
  readonly text: string;
}

const folder = join(import.meta.dirname, '../../testdata/incidents');

/** Every incident of `testdata/incidents/*.txt`; each begins with `=== title`, then `fires:`, `follows:`, `unlike:`. */
export function readIncidents(): readonly Incident[] {
  return globSync('*.txt', { cwd: folder })
    .toSorted()
    .flatMap((file) => incidentsIn(readFileSync(join(folder, file), 'utf8'), basename(file, '.txt')));
}

function incidentsIn(text: string, family: string): readonly Incident[] {
  const blocks = text.split(/^=== /m).slice(1);
  return blocks.map((block) => incidentFrom(block.split('\n'), family));
}

function incidentFrom([title = '', ...lines]: readonly string[], family: string): Incident {
  const heads = new Map<string, readonly string[]>();
  let index = 0;
  for (; index < lines.length; index++) {
    const match = /^(fires|follows|unlike):\s*(.*)$/.exec(lines[index] ?? '');
    if (match === null) break;
    heads.set(
      match[1] ?? '',
      (match[2] ?? '').split(/\s+/).filter((id) => id !== ''),
    );
  }
  return {
    title: `${family}: ${title}`,
    fires: heads.get('fires') ?? [],
    follows: heads.get('follows') ?? [],
    unlike: heads.get('unlike') ?? [],
    text: lines.slice(index).join('\n'),
  };
}
