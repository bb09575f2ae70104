import { parseDuration, printDuration } from '@maru/query-core/duration';
import type { ScrapeJob } from '../config/job.ts';
import { relabel } from '../relabel/relabel.ts';
import type { CompiledRule } from '../relabel/rule.ts';

export type LabelMap = ReadonlyMap<string, string>;

/** Something to scrape, after its job's rules. */
export interface Target {
  /** The same for the same address and labels. */
  readonly key: string;
  readonly url: string;
  /** What every series of it gets. */
  readonly labels: LabelMap;
  /** As it was found, before the rules. */
  readonly discovered: LabelMap;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What becomes of something that was found: a target, or nothing and why. */
export type Made = { readonly target: Target } | { readonly dropped: LabelMap; readonly error?: string };

/** Applies a job's defaults and rules to the labels of something that was found, as Prometheus does. */
export function makeTarget(job: ScrapeJob, rules: readonly CompiledRule[], found: LabelMap): Made {
  const discovered = new Map([...defaults(job), ...found]);
  const labels = relabel(discovered, rules);
  if (labels === undefined) return { dropped: discovered };
  const address = labels.get('__address__') ?? '';
  if (address === '') return { dropped: discovered, error: 'it has no address' };
  const url = urlOf(job, labels, address);
  if (url === undefined)
    return { dropped: discovered, error: `${JSON.stringify(address)} is no address of a host` };
  const times = timesOf(labels);
  if (times === undefined) return { dropped: discovered, error: 'its interval or timeout is no duration' };
  const shown = new Map([...labels].filter(([name]) => !name.startsWith('__')));
  if (!shown.has('instance')) shown.set('instance', address);
  const sorted = new Map([...shown].toSorted(([left], [right]) => (left < right ? -1 : 1)));
  return { target: { key: JSON.stringify([url, ...sorted]), url, labels: sorted, discovered, ...times } };
}

function defaults(job: ScrapeJob): readonly (readonly [string, string])[] {
  const parameters = job.parameters.flatMap(([name, [first]]) =>
    first === undefined ? [] : [[`__param_${name}`, first] as const],
  );
  return [
    ['job', job.name],
    ['__scheme__', job.scheme],
    ['__metrics_path__', job.path],
    ['__scrape_interval__', printDuration(job.intervalMs)],
    ['__scrape_timeout__', printDuration(job.timeoutMs)],
    ...parameters,
  ];
}

/** An address is a host and a port; a path in it would take the place of the metrics path in silence. */
function urlOf(job: ScrapeJob, labels: LabelMap, address: string): string | undefined {
  const scheme = labels.get('__scheme__') ?? job.scheme;
  const path = labels.get('__metrics_path__') ?? '';
  if (/[/?#@\s]/.test(address)) return undefined;
  const url = URL.parse(`${scheme}://${address}${path.startsWith('/') ? path : `/${path}`}`);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  for (const [name, values] of parametersOf(job, labels))
    for (const value of values) url.searchParams.append(name, value);
  return url.href;
}

/** Rules may change the first value of a parameter, or bring one in. */
function parametersOf(job: ScrapeJob, labels: LabelMap): ReadonlyMap<string, readonly string[]> {
  const prefix = '__param_';
  const all = new Map(job.parameters);
  for (const [label, value] of labels) {
    if (!label.startsWith(prefix)) continue;
    const name = label.slice(prefix.length);
    all.set(name, [value, ...(all.get(name) ?? []).slice(1)]);
  }
  return all;
}

function timesOf(labels: LabelMap): { readonly intervalMs: number; readonly timeoutMs: number } | undefined {
  const intervalMs = parseDuration(labels.get('__scrape_interval__') ?? '');
  const timeoutMs = parseDuration(labels.get('__scrape_timeout__') ?? '');
  if (!intervalMs || !timeoutMs || timeoutMs > intervalMs) return undefined;
  return { intervalMs, timeoutMs };
}
