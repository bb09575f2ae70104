/** The faults that can be switched on, by name. */
export type FaultName =
  | 'latency'
  | 'error-rate'
  | 'slow-sql'
  | 'n-plus-one'
  | 'pool-exhausted'
  | 'memory-leak'
  | 'cpu-busy'
  | 'log-flood'
  | 'telemetry-stopped'
  | 'telemetry-wrong-endpoint';

/** What a fault's value means and between what bounds it may lie. A fault without a unit has no value. */
export interface FaultKind {
  readonly name: FaultName;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly defaultValue: number;
}

/** How long a fault lasts unless asked otherwise, and at most, in seconds. Every fault ends by itself. */
export const defaultSeconds = 60;
/** The longest a fault may last, in seconds. */
export const longestSeconds = 600;

/** All faults, in the order in which the admin page shows them. */
export const faultKinds: readonly FaultKind[] = [
  { name: 'latency', unit: 'ms', minimum: 1, maximum: 10_000, defaultValue: 800 },
  { name: 'error-rate', unit: 'ratio', minimum: 0.01, maximum: 1, defaultValue: 0.3 },
  { name: 'slow-sql', unit: 's', minimum: 0.1, maximum: 10, defaultValue: 1.5 },
  { name: 'n-plus-one', unit: '', minimum: 1, maximum: 1, defaultValue: 1 },
  { name: 'pool-exhausted', unit: '', minimum: 1, maximum: 1, defaultValue: 1 },
  // The whole Board has 512 MB; 96 MiB of leak on top of the API's usual size stays well inside.
  { name: 'memory-leak', unit: 'MiB/s', minimum: 1, maximum: 16, defaultValue: 4 },
  // Above 0.8 the health check would suffer too, and Kubernetes would restart what is only a drill.
  { name: 'cpu-busy', unit: 'ratio', minimum: 0.05, maximum: 0.8, defaultValue: 0.6 },
  { name: 'log-flood', unit: 'records/s', minimum: 10, maximum: 2_000, defaultValue: 200 },
  { name: 'telemetry-stopped', unit: '', minimum: 1, maximum: 1, defaultValue: 1 },
  { name: 'telemetry-wrong-endpoint', unit: '', minimum: 1, maximum: 1, defaultValue: 1 },
];

/** The kind of that name; undefined when there is none. */
export function faultKind(name: string): FaultKind | undefined {
  return faultKinds.find((kind) => kind.name === name);
}
