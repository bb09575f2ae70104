import { type ClusterReader, type Gap, joinSeen, readBundle, readNamedText, type Seen } from '@maru/cluster';
import { causes } from './causes/table.ts';
import { gatherEvidence } from './facts/gather.ts';
import { type ClusterScope, lookAtCluster } from './look/cluster.ts';
import { lookAtMachine } from './look/machine.ts';
import { ledgerSeen } from './look/stack.ts';
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

/** The same for a stack's ledger alone. */
export function examineLedger(ledger: unknown): Diagnosis {
  return examineSeen(ledgerSeen(ledger, 'ledger'), {});
}

/** What is alive and may be looked at. */
export interface LivePlaces {
  readonly reader?: ClusterReader;
  /** The ledger of a stack: `lookAtStack` asks one by HTTP, `ledgerSeen` takes it from the process that has it. */
  readonly stack?: () => Promise<Seen | undefined>;
  /** Where the parts of this machine's stack keep their logs. */
  readonly logDir?: string;
  /** Why a cluster that was meant cannot be looked at. */
  readonly gaps?: readonly Gap[];
}

/** The same for a live cluster alone. Never rejects: what could not be seen is among the gaps. */
export function examineCluster(reader: ClusterReader, question: Question = {}): Promise<Diagnosis> {
  return examineLive({ reader }, question);
}

/** The same for whatever runs: a cluster, a stack, the services of this machine. Never rejects. */
export async function examineLive(places: LivePlaces, question: Question = {}): Promise<Diagnosis> {
  return examineSeen(await lookAtLive(places, question), question);
}

/** All that can be seen of what runs. */
export async function lookAtLive(places: LivePlaces, question: Question = {}): Promise<Seen> {
  const { reader, stack, logDir, gaps = [] } = places;
  const [ofCluster, ofMachine] = await Promise.all([
    reader === undefined ? nothing : lookAtCluster(reader, question),
    stack === undefined ? nothing : lookAtMachine(stack, logDir),
  ]);
  return joinSeen([ofCluster, ofMachine, { ...nothing, gaps }]);
}

const nothing: Seen = { objects: [], lines: [], gaps: [] };

function examineSeen(seen: Seen, { service }: Question): Diagnosis {
  const evidence = gatherEvidence(seen);
  const judged = diagnose(evidence, causes);
  const told = service === undefined ? judged : onlyOfService(judged, service, evidence);
  return reportOf(told, evidence);
}
