import { listOf, textOf } from './searchText.ts';

/** The raw query part of an address. */
type Raw = Readonly<Record<string, unknown>>;
type Text = string | undefined;
type List = readonly string[] | undefined;

/** State that every page shares and that stays when the page changes. */
export interface RangeState {
  readonly from?: Text;
  readonly to?: Text;
  /** `off`, or a distance such as `10s`; absent: what the page does by default. */
  readonly refresh?: Text;
}

export interface HomeState {
  /** Column to sort by; a leading `-` sorts descending. */
  readonly sort?: Text;
}

export interface TracesState {
  readonly service?: Text;
  readonly operation?: Text;
  readonly status?: Text;
  readonly min?: Text;
  readonly max?: Text;
  /** Attribute conditions, `key operator value` each. */
  readonly where?: List;
  /** A TraceQL query written by hand; the builder's fields are then ignored. */
  readonly q?: Text;
  readonly limit?: Text;
}

export interface TraceState {
  /** The selected span. */
  readonly span?: Text;
  /** The text searched for inside the trace. */
  readonly find?: Text;
  /** Which part of the side panel is shown: `span` or `logs`. */
  readonly panel?: Text;
}

export interface LogsState {
  readonly service?: Text;
  readonly level?: Text;
  readonly text?: Text;
  readonly trace?: Text;
  readonly span?: Text;
  /** A LogQL query written by hand; the other fields are then ignored. */
  readonly q?: Text;
  readonly limit?: Text;
}

export interface MetricsState {
  readonly metric?: Text;
  readonly by?: List;
  /** PromQL queries written by hand, instead of those that fit the metric. */
  readonly q?: List;
  /** The text that narrows the list of metrics. */
  readonly find?: Text;
}

export function rangeState(raw: Raw): RangeState {
  return pick(raw, ['from', 'to', 'refresh']);
}

/** Where a link to the doctor leads. */
export interface DoctorState {
  /** What the finding is about: a service, an image. */
  readonly about?: Text;
}

export function homeState(raw: Raw): HomeState {
  return pick(raw, ['sort']);
}

export function tracesState(raw: Raw): TracesState {
  const texts = pick(raw, ['service', 'operation', 'status', 'min', 'max', 'q', 'limit']);
  return { ...texts, where: listOf(raw, 'where') };
}

export function traceState(raw: Raw): TraceState {
  return pick(raw, ['span', 'find', 'panel']);
}

export function logsState(raw: Raw): LogsState {
  return pick(raw, ['service', 'level', 'text', 'trace', 'span', 'q', 'limit']);
}

export function metricsState(raw: Raw): MetricsState {
  return { ...pick(raw, ['metric', 'find']), by: listOf(raw, 'by'), q: listOf(raw, 'q') };
}

export function doctorState(raw: Raw): DoctorState {
  return pick(raw, ['about']);
}

function pick<Name extends string>(raw: Raw, names: readonly Name[]): Record<Name, Text> {
  return Object.fromEntries(names.map((name) => [name, textOf(raw, name)])) as Record<Name, Text>;
}
