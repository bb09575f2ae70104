import { readBundle, readNamedText, type Seen } from '@maru/cluster';
import { causes } from './causes/table.ts';
import { gatherEvidence } from './facts/gather.ts';
import { type Diagnosis, reportOf } from './report/report.ts';
import { diagnose } from './rules/diagnose.ts';

/**
 * Reads a dump (a directory, or one file of any mixed contents) and names the causes in it. Rejects only when the path
 * cannot be read.
 */
export async function examineBundle(path: string): Promise<Diagnosis> {
  return examineSeen(await readBundle(path));
}

/** The same for one text, such as a paste; `name` is what quotes of it are cited under. */
export function examineText(name: string, text: string): Diagnosis {
  return examineSeen(readNamedText({ name, text }));
}

function examineSeen(seen: Seen): Diagnosis {
  const evidence = gatherEvidence(seen);
  return reportOf(diagnose(evidence, causes), evidence);
}
