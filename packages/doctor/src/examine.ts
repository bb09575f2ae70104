import { type ClusterReader, readBundle, readNamedText, type Seen } from '@maru/cluster';
import { causes } from './causes/table.ts';
import { gatherEvidence } from './facts/gather.ts';
import { type ClusterScope, lookAtCluster } from './look/cluster.ts';
import { type Diagnosis, reportOf } from './report/report.ts';
import { diagnose } from './rules/diagnose.ts';
import { onlyOfService } from './rules/service.ts';

/** What to look at, and of what is found what to tell. */
export interface Question extends ClusterScope {
  /** Only causes that touch this service: its name for OpenTelemetry, for Kubernetes, or its workload's. */
  readonly service?: string;
}

/**
 * Reads a dump (a directory, or one file of any mixed contents) and names the causes in it. Rejects only when the path
 * cannot be read.
 */
export async function examineBundle(path: string, question: Question = {}): Promise<Diagnosis> {
  return examineSeen(await readBundle(path), question);
}

/** The same for one text, such as a paste; `name` is what quotes of it are cited under. */
export function examineText(name: string, text: string): Diagnosis {
  return examineSeen(readNamedText({ name, text }), {});
}

/** The same for a live cluster. Never rejects: what could not be seen is among the gaps. */
export async function examineCluster(reader: ClusterReader, question: Question = {}): Promise<Diagnosis> {
  return examineSeen(await lookAtCluster(reader, question), question);
}

function examineSeen(seen: Seen, { service }: Question): Diagnosis {
  const evidence = gatherEvidence(seen);
  const judged = diagnose(evidence, causes);
  const told = service === undefined ? judged : onlyOfService(judged, service, evidence);
  return reportOf(told, evidence);
}
