import type { Paint } from '../report/paint.ts';
import type { Language } from '../rules/text.ts';
import type { ProbeFinding, ProbeReport } from './finding.ts';

/** What was seen is cut here; `--json` has all of it. In characters. */
const longestSeen = 400;

const words = {
  en: { seen: 'seen', fix: 'to mend it', page: 'more' },
  ko: { seen: '본 것', fix: '해결', page: '자세히' },
} as const;

/** The steps with ✔ or ✖, then each cause in one sentence, what was seen, and how to mend it. */
export function probeLines(report: ProbeReport, language: Language, paint: Paint): readonly string[] {
  const width = Math.max(0, ...report.steps.map(({ step }) => step.length));
  return [
    ...report.steps.map(({ step, ok, seen }) => {
      const mark = ok ? paint.good('✔') : paint.bad('✖');
      return `${mark} ${step.padEnd(width)}  ${cut(seen)}`;
    }),
    ...report.findings.flatMap((finding) => ['', ...findingLines(finding, language, paint)]),
  ];
}

function findingLines(
  { id, title, seen, fix, page }: ProbeFinding,
  language: Language,
  paint: Paint,
): readonly string[] {
  return [
    `${paint.bad('✖')} ${paint.strong(title[language])}  ${paint.faint(`[${id}]`)}`,
    `  ${paint.faint(`${words[language].seen}:`)} ${cut(seen)}`,
    `  ${paint.faint(`${words[language].fix}:`)}`,
    ...fix.flatMap(({ say, run }) => [
      ...(say === undefined ? [] : [`    ${say[language]}`]),
      ...(run === undefined ? [] : [`    $ ${run}`]),
    ]),
    paint.faint(`  ${words[language].page}: ${page}`),
  ];
}

/** One line without control characters: a server's answer must not steer the terminal. */
function cut(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= longestSeen ? line : `${line.slice(0, longestSeen)}…`;
}
