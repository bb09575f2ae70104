import type { PartialSuccess } from '@maru/otlp';
import { type Answer, answerText } from '../probe/exchange.ts';
import type { GrpcAnswer } from './grpc.ts';
import { partialSuccessOf } from './partial.ts';
import type { OtlpTarget } from './target.ts';
import type { OtlpCauseId, Verdict } from './verdict.ts';

/** What a status of HTTP means to an exporter; those that need a second look are judged in `judgeAnswer`. */
const httpCauses: Readonly<Record<number, OtlpCauseId>> = {
  403: 'otlp-key-forbidden',
  404: 'otlp-path-not-found',
  405: 'otlp-method-not-allowed',
  413: 'otlp-too-large',
  415: 'otlp-media-type',
  429: 'otlp-throttled',
  500: 'otlp-server-error',
  501: 'otlp-path-not-found',
  502: 'otlp-unavailable',
  503: 'otlp-unavailable',
  504: 'otlp-unavailable',
};

/** The codes of google.rpc.Status that have a cause of their own. */
const grpcCauses: Readonly<Record<number, OtlpCauseId>> = {
  4: 'otlp-slow',
  7: 'otlp-key-forbidden',
  8: 'otlp-throttled',
  12: 'otlp-path-not-found',
  13: 'otlp-server-error',
  14: 'otlp-unavailable',
};

/** What an answer over HTTP says is wrong; undefined: everything was taken. */
export function judgeAnswer(answer: Answer, target: OtlpTarget): Verdict | undefined {
  const seen = answerText(answer);
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer, seen);
  if (status >= 300 && status < 400) {
    return { id: 'otlp-redirect', seen: `${seen} location: ${headers.location ?? 'none'}` };
  }
  if (status === 401) return { id: keyCause(target), seen };
  if (isTlsComplaint(status, seen)) return { id: 'otlp-plain-on-tls', seen };
  if (isPage(answer) && (status === 403 || httpCauses[status] === undefined)) {
    return { id: 'otlp-html-page', seen };
  }
  return { id: httpCauses[status] ?? 'otlp-refused', seen, values: { status: String(status) } };
}

/** The same for gRPC, and for what answered in its place over HTTP/2. */
export function judgeGrpcAnswer(answer: GrpcAnswer, target: OtlpTarget): Verdict | undefined {
  const { status, message, body, httpStatus, contentType } = answer;
  if (status === undefined) {
    const headers = { 'content-type': contentType };
    const verdict = judgeAnswer(
      { status: httpStatus, statusText: '', headers, body: Buffer.from(message) },
      target,
    );
    return verdict ?? { id: 'otlp-not-grpc', seen: `${httpStatus} ${contentType} without grpc-status` };
  }
  const seen = `grpc-status ${status}${message === '' ? '' : `: ${message}`}`;
  if (status === 0) return partialCause(partialSuccessOf(body, false), seen);
  if (status === 16) return { id: keyCause(target), seen };
  if (status === 8 && /larger than max|too large/i.test(message)) return { id: 'otlp-too-large', seen };
  return { id: grpcCauses[status] ?? 'otlp-refused', seen, values: { status: `grpc-status ${status}` } };
}

function judgeSuccess(answer: Answer, seen: string): Verdict | undefined {
  if (isPage(answer)) return { id: 'otlp-html-page', seen };
  const type = answer.headers['content-type'] ?? '';
  const isOtlp = answer.body.length === 0 || type === '' || /json|protobuf|octet-stream/i.test(type);
  const partial = isOtlp ? partialSuccessOf(answer.body, /json/i.test(type)) : undefined;
  return partial === undefined ? { id: 'otlp-not-a-receiver', seen } : partialCause(partial, seen);
}

function partialCause(partial: PartialSuccess | undefined, seen: string): Verdict | undefined {
  if (partial === undefined) return { id: 'otlp-not-a-receiver', seen };
  const { rejected, message } = partial;
  if (rejected === 0 && message === '') return undefined;
  return {
    id: 'otlp-partial-success',
    seen: `partial success: ${rejected} rejected: ${message}`,
    values: { rejected: String(rejected) },
  };
}

function keyCause({ headers }: OtlpTarget): OtlpCauseId {
  return Object.keys(headers).length === 0 ? 'otlp-key-missing' : 'otlp-key-wrong';
}

/** Go: `Client sent an HTTP request to an HTTPS server.` nginx: `The plain HTTP request was sent to HTTPS port`. */
function isTlsComplaint(status: number, seen: string): boolean {
  return status === 400 && /HTTP request (?:was sent )?to (?:an )?HTTPS (?:port|server)/i.test(seen);
}

function isPage({ headers, body }: Answer): boolean {
  const start = body.subarray(0, 200).toString('utf8').trimStart();
  return /^text\/html\b/i.test(headers['content-type'] ?? '') || /^<(?:!doctype html|html)\b/i.test(start);
}
