import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a tool said, and what the doctor must make of it. */
export interface Recording {
  /** What was made to go wrong, and the command whose output this is. */
  readonly title: string;
  /** Ids of causes; none where the doctor must be silent. */
  readonly fires: readonly string[];
  readonly follows?: readonly string[];
  readonly unlike?: readonly string[];
  readonly text: string;
}

const folder = join(import.meta.dirname, '../../testdata/recorded');

/** Writes a file of `testdata/recorded`, such as `mariadb-10.11.19/clients.txt`; `tools` names who spoke, with versions. */
export function writeRecordings(file: string, tools: string, recordings: readonly Recording[]): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  const text = [`origin: recorded by ${tools}`, '', ...recordings.map(blockOf)].join('\n');
  writeFileSync(path, text);
  process.stdout.write(`${file}: ${recordings.length} recordings\n`);
}

function blockOf({ title, fires, follows = [], unlike = [], text }: Recording): string {
  return [
    `=== ${title}`,
    `fires: ${fires.join(' ')}`.trim(),
    ...(follows.length === 0 ? [] : [`follows: ${follows.join(' ')}`]),
    ...(unlike.length === 0 ? [] : [`unlike: ${unlike.join(' ')}`]),
    `${text.trimEnd()}\n`,
  ].join('\n');
}
