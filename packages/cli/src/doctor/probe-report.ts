import { type Language, type ProbeReport, probeLines } from '@maru/doctor';
import type { Arguments } from '../command.ts';
import { isOn } from '../flag-values.ts';
import { styleFor } from '../terminal/style.ts';

const exitCodes: Readonly<Record<ProbeReport['status'], number>> = {
  healthy: 0,
  findings: 1,
  'could-not-look': 2,
};

/** Prints what a probe found, for a person or as JSON; returns the exit code. */
export function tellProbe(args: Arguments, report: ProbeReport, language: Language): number {
  if (isOn(args, 'json')) console.log(JSON.stringify(report, null, 2));
  else console.log(probeLines(report, language, styleFor(process.stdout)).join('\n'));
  return exitCodes[report.status];
}
