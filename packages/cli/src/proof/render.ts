import { durationText } from '../terminal/duration.ts';
import { padColumns, type Style } from '../terminal/style.ts';
import type { Proof } from './finding.ts';

/** Columns of the middle part: room for the longest usual finding. */
const foundColumns = 66;

/** The proof as lines for a person: one for each signal, more where one is missing. */
export function proofLines(proof: Proof, style: Style): readonly string[] {
  return Object.entries(proof.signals).flatMap(([signal, finding]) => {
    const head = `${finding.ok ? style.good('✔') : style.bad('✘')} ${padColumns(signal, 9)}`;
    if (finding.ok)
      return [
        `${head}${padColumns(finding.found, foundColumns)} visible after ${durationText(finding.visibleAfterMs)}`,
      ];
    return [
      `${head}${finding.missing}`,
      `           last seen: ${finding.lastSeen}`,
      `           next: ${finding.checkNext}`,
    ];
  });
}
