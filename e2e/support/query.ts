import { setTimeout as delay } from 'node:timers/promises';

const deadlineMs = 90_000;

/** What a query API answers as JSON. Throws what it says when it refuses. */
export async function getJson<Answer>(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** Asks again until there is something to see: what is acknowledged is visible within a second or so. */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  const end = performance.now() + deadlineMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(50);
  }
  throw new Error(`${what} was not to be seen within ${deadlineMs / 1000} s`);
}

/** A series as Prometheus answers it, with the latest of its values. */
export interface PrometheusSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The series that a query names at a time (now when left out), once there are any. */
export function prometheusSeries(
  queryUrl: string,
  query: string,
  timeSeconds?: number,
): Promise<readonly PrometheusSeries[]> {
  const parameters = new URLSearchParams({
    query,
    ...(timeSeconds === undefined ? {} : { time: `${timeSeconds}` }),
  });
  return eventually(query, async () => {
    const { data } = await getJson<{ data: { result: readonly PrometheusSeries[] } }>(
      `${queryUrl}/api/v1/query?${parameters}`,
    );
    return data.result.length === 0 ? undefined : data.result;
  });
}

/** One log line as Loki answers it when labels are asked for by category. */
export interface LokiLine {
  readonly stream: Readonly<Record<string, string>>;
  readonly timeUnixNano: string;
  readonly line: string;
  readonly structuredMetadata: Readonly<Record<string, string>>;
}

interface LokiAnswer {
  readonly data: {
    readonly result: readonly {
      readonly stream: Readonly<Record<string, string>>;
      readonly values: readonly [
        string,
        string,
        { readonly structuredMetadata: Readonly<Record<string, string>> },
      ][];
    }[];
  };
}

/** The lines of a selector, once there are any. `start` and `end` in nanoseconds. */
export function lokiLines(
  queryUrl: string,
  query: string,
  range: { readonly start?: string; readonly end?: string } = {},
): Promise<readonly LokiLine[]> {
  const parameters = new URLSearchParams({ query, ...range });
  return eventually(query, async () => {
    const response = await fetch(`${queryUrl}/loki/api/v1/query_range?${parameters}`, {
      headers: { 'x-loki-response-encoding-flags': 'categorize-labels' },
    });
    if (!response.ok) throw new Error(`Loki answered ${response.status}: ${await response.text()}`);
    const { data } = (await response.json()) as LokiAnswer;
    const lines = data.result.flatMap(({ stream, values }) =>
      values.map(([timeUnixNano, line, { structuredMetadata }]) => ({
        stream,
        timeUnixNano,
        line,
        structuredMetadata,
      })),
    );
    return lines.length === 0 ? undefined : lines;
  });
}

interface TempoKeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span as Tempo's trace by id has it; ids are base64. */
export interface TempoSpan {
  readonly spanId: string;
  readonly attributes?: readonly TempoKeyValue[];
  readonly [field: string]: unknown;
}

export interface TempoTrace {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly TempoKeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: {
        readonly name: string;
        readonly version?: string;
        readonly attributes?: readonly TempoKeyValue[];
      };
      readonly spans: readonly TempoSpan[];
    }[];
  }[];
}

/** A trace by id, once it is there. */
export function tempoTrace(queryUrl: string, traceId: string): Promise<TempoTrace> {
  return eventually(`trace ${traceId}`, async () => {
    const { trace } = await getJson<{ trace: TempoTrace }>(`${queryUrl}/api/v2/traces/${traceId}`);
    return trace.resourceSpans.length === 0 ? undefined : trace;
  });
}

/** An attribute list as an object: its order is nowhere promised. */
export function byKey(attributes: readonly TempoKeyValue[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
}
