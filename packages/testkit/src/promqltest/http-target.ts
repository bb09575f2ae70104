import { setTimeout as delay } from 'node:timers/promises';
import { snap } from '@maru/otlp';
import { labelsOf, parseFloatText } from '@maru/query-core';
import { writeRequest2 } from '../remote-write/write-request.ts';
import { RunningStack } from '../stack/running-stack.ts';
import { customHistograms } from './custom-histograms.ts';
import type { EvalCommand, LoadCommand } from './script.ts';
import { type ShownHistogram, shownComparison } from './shown-comparison.ts';
import { startFinder } from './start-times.ts';
import type { Answer, AnswerSeries, AnswerValue, Refused, ScriptTarget } from './target.ts';

/** A target that must be closed. */
export interface HttpTarget extends ScriptTarget<ShownHistogram> {
  close(): Promise<void>;
}

/** What the scripts of Prometheus assume. */
const everythingOn = { promqlExperimental: true, promqlDelayedNameRemoval: true } as const;

/** Scripts live in the first hours of 1970. */
const sinceBefore1970 = 100_000;

/**
 * The whole stack, through its doors: series by remote write 2.0, queries by Prometheus's API. One stack for all scripts;
 * what a script has written is deleted by the API that deletes series, as nothing else gives a script an empty store.
 */
export async function startHttpTarget(): Promise<HttpTarget> {
  const stack = await RunningStack.start({
    settings: { ...everythingOn, adminApi: true, retentionDays: sinceBefore1970 },
  });
  let isEmpty = true;
  let waiting: LoadCommand[] = [];
  const flush = async (): Promise<void> => {
    for (const command of waiting) await write(stack, command);
    if (waiting.length > 0) await untilStored(stack);
    isEmpty &&= waiting.length === 0;
    waiting = [];
  };
  return {
    load: async (command) => void waiting.push(command),
    clear: async () => {
      waiting = [];
      if (!isEmpty) await deleteAll(stack);
      isEmpty = true;
    },
    ask: async (command) => {
      await flush();
      return ask(stack, command);
    },
    close: () => stack.stop(),
    histograms: shownComparison,
  };
}

async function write({ otlpHttpUrl }: RunningStack, command: LoadCommand): Promise<void> {
  const { series, starts, stepMs, withNative } = command;
  const lines = withNative ? [...series, ...customHistograms(series)] : series;
  const response = await fetch(`${otlpHttpUrl}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
      'content-encoding': 'snappy',
    },
    body: snap(writeRequest2(lines, stepMs, startFinder(starts, stepMs))),
  });
  if (response.status !== 204)
    throw new Error(`remote write answered ${response.status}: ${await response.text()}`);
}

interface Ledger {
  readonly signals: { readonly metrics: { readonly journaled: string; readonly stored: string } };
}

/** Acknowledged is not yet to be seen: the loader takes it from the journal a moment later. */
async function untilStored({ queryUrl }: RunningStack): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    const { signals } = (await (await fetch(`${queryUrl}/api/ledger`)).json()) as Ledger;
    if (signals.metrics.journaled === signals.metrics.stored) return;
    await delay(5);
  }
  throw new Error('what was written was not in the store within 60 s');
}

async function deleteAll({ queryUrl }: RunningStack): Promise<void> {
  const response = await fetch(`${queryUrl}/api/v1/admin/tsdb/delete_series`, {
    method: 'POST',
    body: new URLSearchParams({ 'match[]': '{__name__!=""}' }),
  });
  if (response.status !== 204)
    throw new Error(`deleting answered ${response.status}: ${await response.text()}`);
}

async function ask(
  { queryUrl }: RunningStack,
  { expression, startMs, endMs, stepMs }: EvalCommand,
): Promise<Answer<ShownHistogram> | Refused> {
  const seconds = (milliseconds: number): string => String(milliseconds / 1000);
  const times =
    stepMs === 0
      ? { time: seconds(startMs) }
      : { start: seconds(startMs), end: seconds(endMs), step: seconds(stepMs) };
  const response = await fetch(`${queryUrl}/api/v1/${stepMs === 0 ? 'query' : 'query_range'}`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression, ...times }),
  });
  const answer = (await response.json()) as PrometheusAnswer;
  if (answer.data === undefined) return { failure: answer.error ?? `status ${response.status}` };
  return { value: answerValue(answer.data), warnings: answer.warnings ?? [], infos: answer.infos ?? [] };
}

interface PrometheusAnswer {
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data?: PrometheusData;
}

type PrometheusData =
  | { readonly resultType: 'scalar' | 'string'; readonly result: readonly [number, string] }
  | { readonly resultType: 'vector' | 'matrix'; readonly result: readonly PrometheusSeries[] };

interface PrometheusSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
  readonly histogram?: readonly [number, ShownHistogram];
  readonly histograms?: readonly (readonly [number, ShownHistogram])[];
}

function answerValue(data: PrometheusData): AnswerValue<ShownHistogram> {
  switch (data.resultType) {
    case 'scalar':
      return { type: 'scalar', value: numberOf(data.result[1]) };
    case 'string':
      return { type: 'string', value: data.result[1] };
    default:
      return { type: data.resultType, series: data.result.map(seriesOf) };
  }
}

function seriesOf({
  metric,
  value,
  values,
  histogram,
  histograms,
}: PrometheusSeries): AnswerSeries<ShownHistogram> {
  const numbers = values ?? (value === undefined ? [] : [value]);
  const natives = histograms ?? (histogram === undefined ? [] : [histogram]);
  return {
    labels: labelsOf(Object.entries(metric)),
    times: numbers.map(([time]) => Math.round(time * 1000)),
    values: numbers.map(([, text]) => numberOf(text)),
    histograms: {
      times: natives.map(([time]) => Math.round(time * 1000)),
      samples: natives.map(([, one]) => one),
    },
  };
}

function numberOf(text: string): number {
  const value = parseFloatText(text);
  if (value === undefined) throw new SyntaxError(`no number in an answer: ${text}`);
  return value;
}
