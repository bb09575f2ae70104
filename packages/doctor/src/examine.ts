import { causes } from './causes/table.ts';
import { gatherEvidence } from './facts/gather.ts';
import { readBundle, readNamedText } from './read/bundle.ts';
import type { Parsed } from './read/parsed.ts';
import { type Diagnosis, reportOf } from './report/report.ts';
import { diagnose } from './rules/diagnose.ts';

/**
 * Reads a dump (a directory, or one file of any mixed contents) and names the causes in it. Rejects only when the path
 * cannot be read.
 */
export async function examineBundle(path: string): Promise<Diagnosis> {
  return examineParsed(await readBundle(path));
}

/** The same for one text, such as a paste; `name` is what quotes of it are cited under. */
export function examineText(name: string, text: string): Diagnosis {
  return examineParsed(readNamedText({ name, text }));
}

function examineParsed(parsed: Parsed): Diagnosis {
  const evidence = gatherEvidence(parsed);
  return reportOf(diagnose(evidence, causes), evidence);
}
