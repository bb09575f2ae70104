import { type Diagnosis, type Language, markdownOf, reportLines } from '@maru/doctor';
import type { Arguments } from '../command.ts';
import { isOn } from '../flag-values.ts';
import { styleFor } from '../terminal/style.ts';

const exitCodes: Readonly<Record<Diagnosis['status'], number>> = {
  healthy: 0,
  findings: 1,
  'could-not-look': 2,
};

/** Prints a diagnosis for a person, as JSON or as Markdown; returns the exit code. */
export function tellDiagnosis(args: Arguments, diagnosis: Diagnosis, language: Language): number {
  if (isOn(args, 'json')) console.log(JSON.stringify(diagnosis, null, 2));
  else if (isOn(args, 'markdown')) console.log(markdownOf(diagnosis, language));
  else console.log(reportLines(diagnosis, language, styleFor(process.stdout)).join('\n'));
  return exitCodes[diagnosis.status];
}
