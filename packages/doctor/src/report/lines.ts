import type { Language } from '../rules/text.ts';
import { gapLines } from './gap-lines.ts';
import type { Paint } from './paint.ts';
import type { Diagnosis, Finding } from './report.ts';
import { type Words, wordsOf } from './words.ts';

/** So much of each list stands on the first screen; `--json` has all. */
const shown = { quotes: 3, subjects: 4, quoteLength: 300 } as const;

/** The report for a person: the causes first, each with its evidence, what it is not, and how to mend it. */
export function reportLines(diagnosis: Diagnosis, language: Language, paint: Paint): readonly string[] {
  const words = wordsOf(language);
  return [
    ...headLines(diagnosis, words, paint),
    ...diagnosis.findings.flatMap((finding) => ['', ...findingLines(finding, language, paint)]),
    ...gapLines(diagnosis.gaps, language, paint),
  ];
}

function headLines(
  { status, findings, seen, gaps }: Diagnosis,
  words: Words,
  paint: Paint,
): readonly string[] {
  if (status === 'healthy') return [`${paint.good('✔')} ${words.healthy}`];
  if (status === 'could-not-look')
    return [`${paint.bad('?')} ${gaps.length === 0 ? words.nothingSeen : words.couldNotLook}`];
  return [paint.strong(words.found(findings.length, seen.pods))];
}

function findingLines(finding: Finding, language: Language, paint: Paint): readonly string[] {
  const words = wordsOf(language);
  const label = (text: string): string => paint.faint(`  ${text}:`);
  return [
    `${paint.bad('✖')} ${paint.strong(finding.title[language])}  [${words.certainty[finding.certainty]}]`,
    ...(finding.subjects.length === 0 ? [] : [`  ${listed(finding.subjects, words)}`]),
    `  ${finding.why[language]}`,
    label(words.evidence),
    ...finding.evidence
      .slice(0, shown.quotes)
      .map(({ where, text }) => `    ${paint.faint(where)}  ${cut(text)}`),
    ...ruledOutLines(finding, language, label(words.ruledOut)),
    label(words.fix),
    ...finding.fix.flatMap(({ say, run }) => [
      ...(say === undefined ? [] : [`    ${say[language]}`]),
      ...(run === undefined ? [] : [`    $ ${run}`]),
    ]),
    ...followLines(finding, language, label(words.follows)),
    paint.faint(`  ${words.page}: ${finding.page}`),
  ];
}

function ruledOutLines({ ruledOut }: Finding, language: Language, label: string): readonly string[] {
  if (ruledOut.length === 0) return [];
  return [label, ...ruledOut.map(({ name, why }) => `    ${name[language]}: ${why[language]}`)];
}

function followLines({ follows }: Finding, language: Language, label: string): readonly string[] {
  if (follows.length === 0) return [];
  const words = wordsOf(language);
  return [
    label,
    ...follows.map(
      ({ title, subjects }) =>
        `    ${title[language]}${subjects.length === 0 ? '' : ` (${listed(subjects, words)})`}`,
    ),
  ];
}

function listed(subjects: readonly string[], words: Words): string {
  const more = subjects.length - shown.subjects;
  return [...subjects.slice(0, shown.subjects), ...(more > 0 ? [words.andMore(more)] : [])].join(', ');
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= shown.quoteLength ? line : `${line.slice(0, shown.quoteLength)}…`;
}
