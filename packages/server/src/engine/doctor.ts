import { join } from 'node:path';
import type { DoctorResponse, DoubledResponse, LedgerResponse } from '@maru/api';
import { ClusterError, type ClusterReader, gap, openOwnCluster } from '@maru/cluster';
import { examineLedger, examineLive, type LivePlaces, ledgerSeen } from '@maru/doctor';

/** A page that is open asks every few seconds, and several may be: between, the last answer is given again. */
const freshMs = 10_000;

/**
 * The doctor of a running stack: it looks at the ledger, at this machine's services, and at the cluster that the stack is a
 * pod of when its ServiceAccount may. One look at a time, however many ask.
 */
export function createDoctor(
  ledger: () => Promise<LedgerResponse>,
  doubled: () => Promise<DoubledResponse>,
  dataDir: string,
): () => Promise<DoctorResponse> {
  let last: { readonly answer: Promise<DoctorResponse>; readonly begun: number } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.begun > freshMs) {
      last = { answer: look(ledger, doubled, dataDir), begun: performance.now() };
      // A look that failed is not kept; whoever asked is told.
      last.answer.catch(() => {
        last = undefined;
      });
    }
    return last.answer;
  };
}

/** What a ledger alone tells. */
export function ofLedger(ledger: LedgerResponse): DoctorResponse {
  const { status, findings, gaps, seen } = examineLedger(ledger);
  return { status, findings, gaps, seen, cluster: '', lookedUnixMillis: Date.now() };
}

async function look(
  ledger: () => Promise<LedgerResponse>,
  doubled: () => Promise<DoubledResponse>,
  dataDir: string,
): Promise<DoctorResponse> {
  const { reader, gaps } = await ownCluster();
  try {
    const stack = async (): ReturnType<NonNullable<LivePlaces['stack']>> =>
      ledgerSeen({ ...(await ledger()), doubled: await doubled() }, 'ledger');
    const places = {
      ...(reader === undefined ? {} : { reader }),
      gaps,
      stack,
      logDir: join(dataDir, 'logs'),
    };
    // Registries are left to the command: here they would be asked without a login, every few seconds.
    const { status, findings, gaps: unseen, seen } = await examineLive(places, { asksRegistries: false });
    return {
      status,
      findings,
      gaps: unseen,
      seen,
      cluster: reader?.name ?? '',
      lookedUnixMillis: Date.now(),
    };
  } finally {
    reader?.close();
  }
}

async function ownCluster(): Promise<Required<Pick<LivePlaces, 'gaps'>> & Pick<LivePlaces, 'reader'>> {
  try {
    const reader: ClusterReader | undefined = await openOwnCluster();
    return { gaps: [], ...(reader === undefined ? {} : { reader }) };
  } catch (thrown) {
    if (!(thrown instanceof ClusterError)) throw thrown;
    return { gaps: [gap(thrown.message, thrown.message)] };
  }
}
