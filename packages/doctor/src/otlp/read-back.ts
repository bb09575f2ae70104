import type { Signal } from '@maru/otlp';
import { answerText, errorText, exchange } from '../probe/exchange.ts';
import { type ProbeIdentity, probeMessage, probeMetric, probeService, runLabel } from './requests.ts';
import { type OtlpTarget, withPath } from './target.ts';

/** `failed`: the question itself got no answer, so that nothing is known. */
export interface ReadBack {
  readonly signal: Signal;
  readonly outcome: 'found' | 'absent' | 'failed';
  readonly seen: string;
}

const pauseMs = 200;
/** How far the receiver's clock may be from ours, in nanoseconds. */
const clockSlack = 60n * 1_000_000_000n;

/** Asks for what was sent until it is there or the time of a step is over. The OTLP headers are for the receiver alone. */
export async function readBack(
  signal: Signal,
  { query, queryHeaders, ca, timeoutMs }: OtlpTarget & { readonly query: URL },
  identity: ProbeIdentity,
): Promise<ReadBack> {
  const url = questions[signal](query, identity);
  const deadline = performance.now() + timeoutMs;
  let last: ReadBack = { signal, outcome: 'failed', seen: `${url.pathname} was not asked` };
  for (let left = timeoutMs; left > 0; left = deadline - performance.now()) {
    last = await ask(signal, url, Math.max(left, pauseMs), { ca, headers: queryHeaders });
    if (last.outcome === 'found') return last;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return last;
}

interface Asking {
  readonly ca: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

async function ask(
  signal: Signal,
  url: URL,
  timeoutMs: number,
  { ca, headers: own }: Asking,
): Promise<ReadBack> {
  const trust = ca === undefined ? {} : { ca };
  try {
    const headers = { ...own, accept: 'application/json' };
    const answer = await exchange({ method: 'GET', url, headers, timeoutMs, ...trust });
    const body = answer.body.toString('utf8');
    if (answer.status === 200 && body.includes(probeService)) {
      return { signal, outcome: 'found', seen: `${url.pathname} has it` };
    }
    const isAnswered = answer.status === 200 ? isJson(body) : signal === 'traces' && answer.status === 404;
    return {
      signal,
      outcome: isAnswered ? 'absent' : 'failed',
      seen: `${url.pathname}: ${answerText(answer)}`,
    };
  } catch (thrown) {
    return { signal, outcome: 'failed', seen: `${url.origin}${url.pathname}: ${errorText(thrown)}` };
  }
}

/** A page of a console or a proxy under 200 is no answer to the question. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Tempo's, Prometheus' and Loki's APIs: what any stack with Grafana in front of it serves. */
const questions: Readonly<Record<Signal, (query: URL, identity: ProbeIdentity) => URL>> = {
  traces: (query, { traceId }) => withPath(query, `/api/v2/traces/${traceId}`),
  metrics: (query, { traceId }) =>
    asking(query, '/api/v1/query', { query: `${probeMetric}{${runLabel}="${traceId}"}` }),
  logs: (query, identity) =>
    asking(query, '/loki/api/v1/query_range', {
      query: `{service_name="${probeService}"} |= "${probeMessage(identity)}"`,
      start: String(identity.timeUnixNano - clockSlack),
      end: String(identity.timeUnixNano + clockSlack),
      limit: '1',
    }),
};

function asking(query: URL, path: string, parameters: Readonly<Record<string, string>>): URL {
  const url = withPath(query, path);
  url.search = new URLSearchParams(parameters).toString();
  return url;
}
