import type { Language } from '../rules/text.ts';
import { gapLines } from './gap-lines.ts';
import type { Paint } from './paint.ts';
import type { Diagnosis, Finding } from './report.ts';
import { wordsOf } from './words.ts';

const plain: Paint = {
  good: (text) => text,
  bad: (text) => text,
  faint: (text) => text,
  strong: (text) => text,
};

/** The whole report as Markdown, to paste into an issue. Evidence stands in fences that its own back-ticks cannot close. */
export function markdownOf(diagnosis: Diagnosis, language: Language): string {
  const words = wordsOf(language);
  const head =
    diagnosis.status === 'healthy'
      ? words.healthy
      : diagnosis.status === 'could-not-look'
        ? words.couldNotLook
        : words.found(diagnosis.findings.length, diagnosis.seen.pods);
  const gaps = gapLines(diagnosis.gaps, language, plain);
  return [
    `**${head}**`,
    ...diagnosis.findings.flatMap((finding) => ['', ...findingOf(finding, language)]),
    ...(gaps.length === 0 ? [] : ['', ...fenced(gaps.filter((line) => line !== ''))]),
    '',
  ].join('\n');
}

function findingOf(finding: Finding, language: Language): readonly string[] {
  const words = wordsOf(language);
  const commands = finding.fix.flatMap(({ say, run }) =>
    run === undefined
      ? ['', escaped(say?.[language] ?? '')]
      : ['', ...(say === undefined ? [] : [escaped(say[language]), '']), ...fenced([run], 'sh')],
  );
  return [
    `### ${escaped(finding.title[language])} (${words.certainty[finding.certainty]}, \`${finding.id}\`)`,
    '',
    escaped(finding.why[language]),
    ...(finding.subjects.length === 0
      ? []
      : ['', ...finding.subjects.map((subject) => `- ${escaped(subject)}`)]),
    '',
    `**${words.evidence}**`,
    '',
    ...fenced(finding.evidence.map(({ where, text }) => `${where}  ${text.replace(/\s+/g, ' ').trim()}`)),
    ...listOf(
      words.ruledOut,
      finding.ruledOut.map(({ name, why }) => `${name[language]}: ${why[language]}`),
    ),
    ...listOf(
      words.follows,
      finding.follows.map(({ title }) => title[language]),
    ),
    '',
    `**${words.fix}**`,
    ...commands,
  ];
}

function listOf(head: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['', `**${head}**`, '', ...items.map((item) => `- ${escaped(item)}`)];
}

/** A fence longer than any row of back-ticks inside of it. */
function fenced(lines: readonly string[], language = ''): readonly string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

/** Names come from the cluster: they must not become links, images, mentions or HTML in somebody's issue. */
function escaped(text: string): string {
  return text.replace(/[\\*_[\]<>#|@]/g, '\\$&');
}
