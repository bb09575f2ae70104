import type { Cause, Text } from '../rules/cause.ts';
import type { Language } from '../rules/text.ts';
import { fill, fillTitle } from '../rules/text.ts';

/** The page of a cause in the documentation, in both languages, from the same texts as the report. */
export function pageOf(cause: Cause): string {
  return [
    `# ${cause.id}`,
    '',
    '<!-- Written from packages/doctor/src/causes by its tests; edit the cause, not this page. -->',
    '',
    `Step of a pod's life: **${cause.step}**. Certainty: **${cause.certainty}**.`,
    '',
    ...half(cause, 'en', { fix: 'To mend it', not: 'What it is not' }),
    ...half(cause, 'ko', { fix: '해결', not: '혼동하기 쉬운 원인' }),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function half(
  { title, why, fix, lookAlikes }: Cause,
  language: Language,
  heads: { readonly fix: string; readonly not: string },
): readonly string[] {
  const told = (text: Text): string => fill(text[language], {});
  const mends = fix.flatMap(({ say, run }) => [
    ...(say === undefined ? [] : [told(say), '']),
    ...(run === undefined ? [] : ['```sh', fill(run, {}), '```', '']),
  ]);
  const others = lookAlikes.map(({ name, why: reason }) => `- ${told(name)}: ${told(reason)}`);
  return [
    `## ${fillTitle(title, {})[language]}`,
    '',
    told(why),
    '',
    ...(others.length === 0 ? [] : [`### ${heads.not}`, '', ...others, '']),
    `### ${heads.fix}`,
    '',
    ...mends,
  ];
}

/** The list of all pages. */
export function indexPageOf(causes: readonly Cause[]): string {
  const rows = causes.map(({ id, title }) => `- [${id}](${id}.md): ${fillTitle(title, {}).en}`);
  const others = 'What `doctor otlp` and `doctor image` name has [pages of its own](probes/README.md).';
  const evidence = 'What each rests on is in [a table](../doctor-evidence.md): the real tools that said so.';
  return ['# Causes that the doctor names', '', others, evidence, '', ...rows, ''].join('\n');
}
