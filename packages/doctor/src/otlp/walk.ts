import { type Signal, signals } from '@maru/otlp';
import { findingOf, type ProbeFinding, type ProbeReport, type ProbeStep } from '../probe/finding.ts';
import { redactor } from '../report/redact.ts';
import { otlpCauses } from './causes.ts';
import { reach, type Walked } from './reach.ts';
import { type ReadBack, readBack } from './read-back.ts';
import { newIdentity, type ProbeIdentity } from './requests.ts';
import { sendProbe } from './send.ts';
import { hostOf, type OtlpTarget, portOf } from './target.ts';
import type { OtlpCauseId, OtlpStep, Verdict } from './verdict.ts';

/** What every signal's probe has to pass before it is the signal's own matter. */
const shared: readonly OtlpStep[] = ['protocol', 'path', 'key'];

interface Sent {
  readonly signal: Signal;
  readonly verdict: Verdict | undefined;
}

/**
 * Walks the way of telemetry to a receiver: name, address, TCP, TLS, protocol, path, key, one probe of each signal, and,
 * when the target names a query address, whether the probe is found again. Never rejects for what the network does, and
 * takes at most a few times `timeoutMs`. What it answers has no secrets in it.
 */
export async function walkOtlp(target: OtlpTarget): Promise<ProbeReport> {
  const reached = await reach(target);
  if (reached.verdict !== undefined) return reportOf(target, reached, [], []);
  const identity = newIdentity();
  const sent = await sendAll(target, identity);
  return reportOf(target, reached, sent, await readAll(target, sent, identity));
}

/** The first alone: what no answer came to would come to none three times. */
async function sendAll(target: OtlpTarget, identity: ProbeIdentity): Promise<readonly Sent[]> {
  const send = async (signal: Signal): Promise<Sent> => ({
    signal,
    verdict: await sendProbe(target, signal, identity),
  });
  const [first, ...others] = signals;
  if (first === undefined) return [];
  const sent = await send(first);
  if (sent.verdict !== undefined && stepOf(sent.verdict) === 'protocol') return [sent];
  return [sent, ...(await Promise.all(others.map(send)))];
}

async function readAll(
  target: OtlpTarget,
  sent: readonly Sent[],
  identity: ProbeIdentity,
): Promise<readonly ReadBack[]> {
  const { query } = target;
  if (query === undefined) return [];
  const taken = sent.filter(({ verdict }) => verdict === undefined);
  return Promise.all(taken.map(({ signal }) => readBack(signal, { ...target, query }, identity)));
}

function stepOf({ id }: Verdict): OtlpStep | 'signal' {
  return otlpCauses[id].step;
}

function reportOf(
  target: OtlpTarget,
  reached: Walked,
  sent: readonly Sent[],
  back: readonly ReadBack[],
): ProbeReport {
  const clean = redactor(secretsOf(target));
  const steps = [...reachedSteps(reached), ...sentSteps(sent), ...backSteps(back)];
  const verdicts = [
    ...(reached.verdict === undefined ? [] : [reached.verdict]),
    ...sentVerdicts(sent),
    ...lostVerdicts(back),
  ];
  const findings = firstOfEach(verdicts).map((verdict) => finding(verdict, target, clean));
  const couldNotLook = back.some(({ outcome }) => outcome === 'failed');
  return {
    status: findings.length > 0 ? 'findings' : couldNotLook ? 'could-not-look' : 'healthy',
    steps: steps.map((step) => ({ ...step, seen: clean(step.seen) })),
    findings,
  };
}

function finding(verdict: Verdict, target: OtlpTarget, clean: (text: string) => string): ProbeFinding {
  const { base, protocol } = target;
  const known = { host: hostOf(base), port: String(portOf(base)), url: clean(base.href), protocol };
  return findingOf(verdict.id, otlpCauses[verdict.id], clean(verdict.seen), { ...known, ...verdict.values });
}

function reachedSteps({ passed, verdict }: Walked): readonly ProbeStep[] {
  const walked = passed.map(({ step, seen }) => ({ step, ok: true, seen }));
  return verdict === undefined
    ? walked
    : [...walked, { step: otlpCauses[verdict.id].step, ok: false, seen: verdict.seen }];
}

/**
 * Of protocol, path and key a step has passed as soon as one signal got beyond it; only where none did, the walk ends.
 */
function sentSteps(sent: readonly Sent[]): readonly ProbeStep[] {
  if (sent.length === 0) return [];
  const blocked = blockedAt(sent);
  const passed = blocked === undefined ? shared : shared.slice(0, shared.indexOf(blocked.step));
  const steps = passed.map((step) => ({ step, ok: true, seen: 'passed' }));
  if (blocked !== undefined) return [...steps, { step: blocked.step, ok: false, seen: blocked.verdict.seen }];
  return [
    ...steps,
    ...sent.map(({ signal, verdict }) => ({
      step: signal,
      ok: verdict === undefined,
      seen: verdict?.seen ?? 'accepted',
    })),
  ];
}

/** The furthest of the shared steps, when no signal got beyond them. */
function blockedAt(
  sent: readonly Sent[],
): { readonly step: OtlpStep; readonly verdict: Verdict } | undefined {
  const stops = sent.map(({ verdict }) => {
    const step = verdict === undefined ? undefined : shared.find((name) => name === stepOf(verdict));
    return step === undefined || verdict === undefined ? undefined : { step, verdict };
  });
  if (stops.some((stop) => stop === undefined)) return undefined;
  return stops
    .filter((stop) => stop !== undefined)
    .toSorted((a, b) => shared.indexOf(b.step) - shared.indexOf(a.step))
    .at(0);
}

/** A path that other signals got through is not wrong: this signal is not served. */
function sentVerdicts(sent: readonly Sent[]): readonly Verdict[] {
  const blocked = blockedAt(sent);
  if (blocked !== undefined) return [blocked.verdict];
  return sent.flatMap(({ signal, verdict }) => {
    if (verdict === undefined) return [];
    const id: OtlpCauseId = stepOf(verdict) === 'path' ? 'otlp-signal-not-served' : verdict.id;
    return [{ ...verdict, id, values: { ...verdict.values, signal } }];
  });
}

function lostVerdicts(back: readonly ReadBack[]): readonly Verdict[] {
  const lost = back.filter(({ outcome }) => outcome === 'absent');
  if (lost.length === 0) return [];
  const values = { lost: lost.map(({ signal }) => signal).join(', ') };
  return [{ id: 'otlp-not-found-again', seen: lost.map(({ seen }) => seen).join('; '), values }];
}

function backSteps(back: readonly ReadBack[]): readonly ProbeStep[] {
  if (back.length === 0) return [];
  const seen = back.map(({ signal, outcome, seen: text }) => `${signal} ${outcome}: ${text}`).join('; ');
  return [{ step: 'read back', ok: back.every(({ outcome }) => outcome === 'found'), seen }];
}

/** Three signals with one trouble are one finding. */
function firstOfEach(verdicts: readonly Verdict[]): readonly Verdict[] {
  const ids = verdicts.map(
    ({ id, values }) => `${id} ${id === 'otlp-signal-not-served' ? values?.signal : ''}`,
  );
  return verdicts.filter((_, index) => ids.indexOf(ids[index] ?? '') === index);
}

/** A header's value, and what stands in it behind `Bearer` or `Basic`. */
function secretsOf({ headers }: OtlpTarget): readonly string[] {
  return Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/).slice(1)]);
}
