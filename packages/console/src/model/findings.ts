import type { DoctorFinding } from '@maru/api';

/** The doctor's order, with what is about the thing that a link named first. */
export function byPlace(
  findings: readonly DoctorFinding[],
  about: string | undefined,
): readonly DoctorFinding[] {
  if (about === undefined) return findings;
  const isMeant = (finding: DoctorFinding): boolean => finding.about === about;
  return [...findings.filter(isMeant), ...findings.filter((finding) => !isMeant(finding))];
}
