import { isUtf8 } from 'node:buffer';
import { type ByteBudget, type Gate, inflateBody, readBody } from '@maru/receive';
import type { ScrapeJob, ScrapeProtocol } from '../config/job.ts';
import { BadExposition, type Exposition } from '../exposition/exposition.ts';
import { parseOpenMetrics } from '../exposition/openmetrics.ts';
import { parseProtobuf } from '../exposition/protobuf.ts';
import { parseText } from '../exposition/text.ts';
import type { HttpClient } from './http-get.ts';
import type { Target } from './target.ts';

/** What all scrapes share. */
export interface FetchContext {
  readonly client: HttpClient;
  readonly budget: ByteBudget;
  readonly gate: Gate;
  readonly userAgent: string;
}

/** Gets what a target shows now. Rejects with one sentence. */
export async function fetchMetrics(
  job: ScrapeJob,
  target: Target,
  { client, budget, gate, userAgent }: FetchContext,
  stop: AbortSignal,
): Promise<Exposition> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(target.timeoutMs)]);
  try {
    const response = await client.get({
      url: target.url,
      headers: requestHeaders(job, target, userAgent),
      signal,
    });
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`the target answered with status ${response.statusCode} ${response.statusMessage}`);
    }
    const maxBytes = job.limits.bodyBytes;
    const body = await readBody(response, { budget, maxBytes, declaredBytes: undefined });
    try {
      const encoding = response.headers['content-encoding'] ?? '';
      const bytes = await inflateBody(body.bytes, encoding, { maxBytes, gate });
      return parseBody(bytes, response.headers['content-type'] ?? '', job);
    } finally {
      body.release();
    }
  } catch (error) {
    if (signal.aborted && !stop.aborted)
      throw new Error(`no whole answer within the timeout of ${target.timeoutMs / 1000} s`, { cause: error });
    throw error;
  }
}

const mediaTypes: Readonly<Record<ScrapeProtocol, string>> = {
  PrometheusProto:
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
};

function requestHeaders(job: ScrapeJob, target: Target, userAgent: string): Readonly<Record<string, string>> {
  const weighed = job.protocols.map((protocol, index) => `${mediaTypes[protocol]};q=0.${9 - index}`);
  return {
    accept: [...weighed, '*/*;q=0.1'].join(','),
    'accept-encoding': job.compression ? 'gzip' : 'identity',
    'user-agent': userAgent,
    'x-prometheus-scrape-timeout-seconds': String(target.timeoutMs / 1000),
  };
}

function parseBody(bytes: Uint8Array, contentType: string, job: ScrapeJob): Exposition {
  const [type = ''] = contentType.split(';', 1).map((part) => part.trim().toLowerCase());
  if (type === 'application/vnd.google.protobuf')
    return parseProtobuf(bytes, { native: job.nativeHistograms, classicToo: job.classicHistogramsToo });
  if (!isUtf8(bytes)) throw new BadExposition('the body is not valid UTF-8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  if (type === 'application/openmetrics-text') return parseOpenMetrics(text);
  if (type === 'text/plain' || type === '') return parseText(text);
  throw new BadExposition(
    `the content type ${JSON.stringify(contentType.slice(0, 80))} is none of a list of metrics`,
  );
}
