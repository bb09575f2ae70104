import {
  type ConfigNode,
  defaulted,
  duration,
  fields,
  integer,
  type Kind,
  list,
  name,
  number,
  oneOf,
  optional,
  required,
  scalar,
} from '@maru/config';
import { conditionKind, type ProcessorSettings, type TailPolicy } from '@maru/forward';
import type { Translations } from './component.ts';
import { tailPolicy } from './tail-policies.ts';

/** What a processor of a pipeline becomes: steps, or how the destination's requests are gathered, and what is told of it. */
export interface PipelineStep {
  readonly steps: readonly ProcessorSettings[];
  readonly batchWaitMs?: number;
  /** What is done otherwise here, as a sentence. */
  readonly note?: string;
}

type Scalar = string | number | boolean;
type ActionName = 'insert' | 'update' | 'upsert' | 'delete' | 'hash';

interface Action {
  readonly key: string;
  readonly action: ActionName;
  readonly value: Scalar | undefined;
}

const action: Kind<Action> = fields({
  key: required(name, ''),
  action: required(oneOf<ActionName>('insert', 'update', 'upsert', 'delete', 'hash'), ''),
  value: optional(
    scalar<Scalar>('a text, number or boolean', (value) => value),
    '',
  ),
});

const attributes: Kind<{ readonly actions: readonly Action[] }> = fields({
  actions: required(list(action), ''),
});
const resource: Kind<{ readonly attributes: readonly Action[] }> = fields({
  attributes: required(list(action), ''),
});

const noChanges = {
  kind: 'attributes',
  drop: [],
  rename: {},
  insert: {},
  update: {},
  upsert: {},
  hash: [],
  salt: '',
  nested: false,
} as const;

/** Each action is a step of its own, so that their order holds. */
function actionSteps(actions: readonly Action[], on: 'items' | 'resource'): readonly ProcessorSettings[] {
  return actions.map(({ key, action: what, value = '' }) => {
    const step = { ...noChanges, on: [on] };
    if (what === 'delete') return { ...step, drop: [key] };
    return what === 'hash' ? { ...step, hash: [key] } : { ...step, [what]: { [key]: value } };
  });
}

function conditions(context: Parameters<typeof conditionKind>[0]): Kind<readonly string[]> {
  return list(conditionKind(context));
}

interface FilterConfig {
  readonly error_mode: string;
  readonly traces: { readonly span: readonly string[] } | undefined;
  readonly metrics: { readonly metric: readonly string[]; readonly datapoint: readonly string[] } | undefined;
  readonly logs: { readonly log_record: readonly string[] } | undefined;
}

const filter: Kind<FilterConfig> = fields({
  error_mode: defaulted(oneOf('ignore', 'silent', 'propagate'), 'ignore', '', ''),
  traces: optional(fields({ span: defaulted(conditions('span'), [], '', '') }), ''),
  metrics: optional(
    fields({
      metric: defaulted(conditions('metric'), [], '', ''),
      datapoint: defaulted(conditions('datapoint'), [], '', ''),
    }),
    '',
  ),
  logs: optional(fields({ log_record: defaulted(conditions('log_record'), [], '', '') }), ''),
});

interface SamplerConfig {
  readonly sampling_percentage: number;
}

const sampler: Kind<SamplerConfig> = fields({
  sampling_percentage: required(number('a number from 0 to 100', 0, 100), ''),
  mode: defaulted(oneOf('proportional', 'equalizing'), 'proportional', '', ''),
  sampling_precision: optional(integer(1, 14), ''),
  fail_closed: optional(oneOf('true', 'false'), ''),
});

interface TailConfig {
  readonly decision_wait: number;
  readonly num_traces: number;
  readonly policies: readonly TailPolicy[];
}

const tail: Kind<TailConfig> = fields({
  decision_wait: defaulted(duration, 30_000, '', ''),
  num_traces: defaulted(integer(1), 50_000, '', ''),
  expected_new_traces_per_sec: optional(integer(0), ''),
  policies: required(list(tailPolicy), ''),
});

const tailMemoryBytes = 128 * 1024 * 1024;

function asTail({ decision_wait, num_traces, policies }: TailConfig): ProcessorSettings {
  return {
    kind: 'tail_sample',
    waitMs: decision_wait,
    maxTraces: num_traces,
    maxBytes: tailMemoryBytes,
    policies,
  };
}

const batch: Kind<{ readonly timeout: number }> = fields({
  timeout: defaulted(duration, 200, '', ''),
  send_batch_size: optional(integer(0), ''),
  send_batch_max_size: optional(integer(0), ''),
});

const memoryLimiter: Kind<object> = fields({
  check_interval: optional(duration, ''),
  limit_mib: optional(integer(0), ''),
  spike_limit_mib: optional(integer(0), ''),
  limit_percentage: optional(integer(0, 100), ''),
  spike_limit_percentage: optional(integer(0, 100), ''),
});

/** A translation that reads with a kind and then makes steps of it. */
function reading<T>(kind: Kind<T>, make: (read: T) => PipelineStep): Translations<PipelineStep>[string] {
  return (node: ConfigNode, path, problems) => {
    const read = kind.read(node, path, problems);
    return read && make(read);
  };
}

export const processors: Translations<PipelineStep> = {
  batch: reading(batch, ({ timeout }) => ({
    steps: [],
    batchWaitMs: timeout,
    note: 'requests are gathered by bytes (1 MiB) and time, not by numbers of items',
  })),
  memory_limiter: reading(memoryLimiter, () => ({
    steps: [],
    note: 'it is not needed: what a destination cannot take waits in the journal, not in memory',
  })),
  attributes: reading(attributes, ({ actions }) => ({ steps: actionSteps(actions, 'items') })),
  resource: reading(resource, (read) => ({ steps: actionSteps(read.attributes, 'resource') })),
  filter: reading(filter, ({ traces, metrics, logs }) => ({
    steps: [
      {
        kind: 'filter',
        spans: traces?.span ?? [],
        metrics: metrics?.metric ?? [],
        datapoints: metrics?.datapoint ?? [],
        logs: logs?.log_record ?? [],
      },
    ],
  })),
  probabilistic_sampler: reading(sampler, ({ sampling_percentage }) => ({
    steps: [{ kind: 'sample', ratio: sampling_percentage / 100 }],
  })),
  tail_sampling: reading(tail, (read) => ({ steps: [asTail(read)] })),
};
