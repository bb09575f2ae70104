import type { Signal } from '@maru/otlp';
import { errorText, NoAnswer } from '../probe/exchange.ts';
import { callExport } from './grpc.ts';
import { emptyRequest, postExport } from './http.ts';
import { judgeAnswer, judgeGrpcAnswer } from './judge-answer.ts';
import { type ProbeIdentity, probeRequest } from './requests.ts';
import type { OtlpTarget } from './target.ts';
import type { Verdict } from './verdict.ts';
import { speaksGrpc, speaksHttp, speaksTls } from './wrong-door.ts';

/** Below which real receivers serve OTLP/HTTP: at the root, Mimir and Loki, Prometheus. */
const knownBases = ['', '/otlp', '/api/v1/otlp'];
const signalPath = /\/v1\/(?:traces|metrics|logs)\/*$/;

/** Sends the probe of one signal. Undefined: it was taken; otherwise the cause, looked into where an answer has several. */
export async function sendProbe(
  target: OtlpTarget,
  signal: Signal,
  identity: ProbeIdentity,
): Promise<Verdict | undefined> {
  const request = probeRequest(signal, identity, target.protocol);
  try {
    if (target.protocol === 'grpc') return judgeGrpcCall(target, await callExport(target, signal, request));
    const verdict = judgeAnswer(await postExport(target, signal, request), target);
    return verdict === undefined ? undefined : await lookInto(verdict, target, signal);
  } catch (thrown) {
    return explainFailure(target, thrown);
  }
}

/** A receiver that tells gRPC on its HTTP port by a sentence is believed when HTTP/1.1 is at home there and gRPC is not. */
async function judgeGrpcCall(
  target: OtlpTarget,
  answer: Awaited<ReturnType<typeof callExport>>,
): Promise<Verdict | undefined> {
  const verdict = judgeGrpcAnswer(answer, target);
  if (verdict === undefined || /^otlp-(?:key|throttled|unavailable|partial)/.test(verdict.id)) return verdict;
  if (await speaksGrpc(target)) return verdict;
  const overHttp: OtlpTarget = { ...target, protocol: 'http/protobuf' };
  return (await answersOtlp(overHttp)) ? { ...verdict, id: 'otlp-grpc-on-http-port' } : verdict;
}

async function lookInto(verdict: Verdict, target: OtlpTarget, signal: Signal): Promise<Verdict> {
  if (verdict.id === 'otlp-path-not-found') return explainPath(verdict, target, signal);
  const mayBeGrpc = verdict.id === 'otlp-media-type' || verdict.id === 'otlp-refused';
  if (mayBeGrpc && (await speaksGrpc(target)) && !(await answersOtlp(target))) {
    return { ...verdict, id: 'otlp-http-on-grpc-port' };
  }
  return verdict;
}

/** A 404 is explained by the base that was given, or by another base at which the same server does answer. */
async function explainPath(verdict: Verdict, target: OtlpTarget, signal: Signal): Promise<Verdict> {
  const { pathname } = target.base;
  const stripped = pathname.replace(signalPath, '');
  const seen = `${verdict.seen} (POST ${pathname.replace(/\/*$/, '')}/v1/${signal})`;
  if (stripped !== pathname) {
    const right = new URL(stripped === '' ? '/' : stripped, target.base).href.replace(/\/$/, '');
    return { id: 'otlp-path-doubled', seen, values: { signal, right, path: pathname } };
  }
  for (const path of knownBases) {
    const base = new URL(`${path}/`, target.base);
    if (!(await answersOtlp({ ...target, base }))) continue;
    return { id: 'otlp-path-missing', seen, values: { right: base.href.replace(/\/$/, '') } };
  }
  return { ...verdict, seen };
}

/** Whether an empty export is taken, or refused for its key only. */
async function answersOtlp(target: OtlpTarget): Promise<boolean> {
  try {
    const answer = await postExport(target, 'traces', emptyRequest(target));
    const verdict = judgeAnswer(answer, target);
    return verdict === undefined || verdict.id.startsWith('otlp-key');
  } catch {
    return false;
  }
}

/** The connection opened and no answer came over it: another protocol is spoken there, or nobody answers. */
async function explainFailure(target: OtlpTarget, thrown: unknown): Promise<Verdict> {
  const seen = errorText(thrown);
  const isGrpc = target.protocol === 'grpc';
  if (await speaksTls(target)) return { id: 'otlp-plain-on-tls', seen };
  if (isGrpc && (await speaksHttp(target))) return { id: 'otlp-grpc-on-http-port', seen };
  if (!isGrpc && (await speaksGrpc(target))) return { id: 'otlp-http-on-grpc-port', seen };
  if (thrown instanceof NoAnswer) return { id: 'otlp-slow', seen };
  return { id: isGrpc ? 'otlp-not-grpc' : 'otlp-not-http', seen };
}
