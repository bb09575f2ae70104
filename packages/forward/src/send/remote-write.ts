import { snap } from '@maru/otlp';
import type { SeriesNaming } from '@maru/otlp/prometheus';
import type { WriteSeries } from '../remote-write/series.ts';
import { type Translated, translate } from '../remote-write/translate.ts';
import { writeRequest1, writeRequest2 } from '../remote-write/write-request.ts';
import type { DestinationSettings } from '../settings.ts';
import { createHttpClient, type HttpAnswer, plainText } from './http-client.ts';
import { retryAfterMs, type SendOutcome } from './outcome.ts';
import type { Sender } from './sender.ts';
import type { TlsOptions } from './tls.ts';

/** Resources whose `target_info` is remembered; of more, the one heard of first is forgotten. */
const mostTargets = 10_000;

const protocolHeaders = {
  1: { 'content-type': 'application/x-protobuf', 'x-prometheus-remote-write-version': '0.1.0' },
  2: {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'x-prometheus-remote-write-version': '2.0.0',
  },
} as const;

/** Prometheus's remote write: metrics under the names that queries here show. */
export function createRemoteWriteSender(
  settings: DestinationSettings,
  naming: SeriesNaming,
  endpoint: URL,
  tls: TlsOptions,
): Sender {
  const { remoteWrite } = settings;
  const client = createHttpClient(settings, endpoint, tls);
  const headers = { ...protocolHeaders[remoteWrite.version], 'content-encoding': 'snappy' };
  const targets = new Map<string, number>();
  return {
    prepare: async (parts) => {
      const requests = parts.map(({ bytes }) => bytes);
      const targetSeenMs = (resource: string): number => targets.get(resource) ?? Number.NEGATIVE_INFINITY;
      const translated = translate(requests, { naming, remoteWrite, targetSeenMs });
      const { series, skipped } = translated;
      if (series.length === 0) return async () => ({ kind: 'accepted', rejected: 0, message: '', skipped });
      const body = [snap(remoteWrite.version === 1 ? writeRequest1(series) : writeRequest2(series))];
      return async (signal) => {
        const answer = await client.post(body, headers, signal);
        if (answer.kind !== 'answer') return answer;
        const outcome = remoteWriteOutcome(answer, remoteWrite.version, translated);
        if (outcome.kind === 'accepted') remember(targets, translated.targets);
        return outcome;
      };
    },
    close: () => client.close(),
  };
}

function remember(targets: Map<string, number>, written: ReadonlyMap<string, number>): void {
  for (const [resource, timeMs] of written) {
    targets.delete(resource);
    targets.set(resource, timeMs);
  }
  for (const oldest of targets.keys()) {
    if (targets.size <= mostTargets) return;
    targets.delete(oldest);
  }
}

/**
 * What an answer means, by the specifications of remote write: 5xx and 429 are repeated, all other errors are not. Of version 2.0 the
 * answer says how much was written, with an error too; a success that does not say it comes from a receiver that knows 1.0 only and has
 * read nothing.
 */
export function remoteWriteOutcome(
  { statusCode, headers, body }: Omit<HttpAnswer, 'kind'>,
  version: 1 | 2,
  { series, skipped }: Pick<Translated, 'series' | 'skipped'>,
): SendOutcome {
  const isSuccess = statusCode >= 200 && statusCode < 300;
  const text = plainText(body);
  const detail = `it answered ${statusCode}${text === '' ? '' : `: ${text}`}`;
  if (statusCode >= 500 || statusCode === 429) {
    const afterMs = retryAfterMs(headers['retry-after'], Date.now());
    return { kind: 'retry', detail, ...(afterMs !== undefined && { afterMs }) };
  }
  const written = version === 2 ? writtenIn(headers) : isSuccess ? Number.POSITIVE_INFINITY : 0;
  if (isSuccess && written === undefined)
    return {
      kind: 'refused',
      detail: `${detail} without saying what it wrote, as remote write 2.0 demands: set remote_write.version to 1`,
    };
  if (isSuccess || (written ?? 0) > 0) {
    const rejected = Math.max(0, pointsOf(series) - (written ?? 0));
    return { kind: 'accepted', rejected, message: text, skipped };
  }
  if (statusCode === 413) return { kind: 'too_large', detail };
  return { kind: statusCode === 400 || statusCode === 422 ? 'invalid' : 'refused', detail };
}

/** Samples and histograms that the answer says were written; undefined when it does not say. */
function writtenIn(headers: HttpAnswer['headers']): number | undefined {
  const counts = ['samples', 'histograms'].map(
    (what) => headers[`x-prometheus-remote-write-${what}-written`],
  );
  if (counts.every((count) => count === undefined)) return undefined;
  return counts.reduce((sum, count) => sum + (Number(count) || 0), 0);
}

function pointsOf(series: readonly WriteSeries[]): number {
  return series.reduce((sum, { samples, histograms }) => sum + samples.length + histograms.length, 0);
}
