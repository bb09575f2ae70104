import type { ProbeCause } from '../probe/finding.ts';
import { fill, fillTitle, type Language } from '../rules/text.ts';

/** A probe and the causes that it can name. */
export interface ProbeTable {
  /** `./maru doctor otlp URL`. */
  readonly command: string;
  readonly causes: Readonly<Record<string, ProbeCause>>;
}

/** The page of a probe's cause, in both languages, from the same texts as its report. */
export function probePageOf(id: string, { causes, command }: ProbeTable): string {
  const cause = causes[id];
  if (cause === undefined) throw new RangeError(`the probe ${command} names no ${id}`);
  return [
    `# ${id}`,
    '',
    '<!-- Written from packages/doctor/src by its tests; edit the cause, not this page. -->',
    '',
    `Named by \`${command}\`, which saw it happen.`,
    '',
    ...half(cause, 'en', 'To mend it'),
    ...half(cause, 'ko', '해결'),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function half({ title, fix }: ProbeCause, language: Language, head: string): readonly string[] {
  const mends = fix.flatMap(({ say, run }) => [
    ...(say === undefined ? [] : [fill(say[language], {}), '']),
    ...(run === undefined ? [] : ['```sh', fill(run, {}), '```', '']),
  ]);
  return [`## ${fillTitle(title, {})[language]}`, '', `### ${head}`, '', ...mends];
}

/** The list of the pages of all probes. */
export function probeIndexOf(tables: readonly ProbeTable[]): string {
  const parts = tables.flatMap(({ command, causes }) => [
    `## \`${command}\``,
    '',
    ...Object.entries(causes).map(([id, { title }]) => `- [${id}](${id}.md): ${fillTitle(title, {}).en}`),
    '',
  ]);
  return ['# Causes that the probes name', '', ...parts].join('\n');
}
