import type { Span } from '@maru/query-core';
import type { Identity } from '../evaluate/names.ts';
import type { Notes } from '../evaluate/notes.ts';
import type { StepSeries } from '../evaluate/values.ts';
import type { NumberSteps } from '../functions/definition.ts';

/** The series that fall together under one set of grouping labels; at least one. */
export interface Group {
  readonly identity: Identity;
  readonly members: readonly StepSeries[];
}

/** What an aggregation is given besides its groups. */
export interface AggregationInput {
  readonly stepCount: number;
  /** The scalar parameter a step; empty when the operator takes none. */
  readonly parameters: Float64Array;
  /** The string parameter; '' when the operator takes none. */
  readonly text: string;
  readonly notes: Notes;
  readonly parameterSpan: Span;
  /** Of the aggregated expression. */
  readonly expressionSpan: Span;
}

/** One aggregation operator. */
export interface Aggregator {
  readonly name: string;
  /** One line for the reference page and the editor's completion. */
  readonly summary: string;
  /** The results of one group. */
  readonly aggregate: (group: Group, input: AggregationInput) => readonly StepSeries[];
  /** Whether results that come to have the same labels are added up; else they are an error. */
  readonly addsSameLabels?: boolean;
  /** Whether native histograms count; else they are left out, with a note. */
  readonly takesHistograms?: boolean;
  /** The same of numbers for one group, member by member, so that members need not be held. */
  readonly running?: (stepCount: number) => RunningFold;
  /** Looks at the parameter once, before any group. Throws for what no group can be computed with. */
  readonly checkParameter?: (input: AggregationInput) => void;
}

/** The numbers of a group so far. */
export interface RunningFold {
  /** Adds a member, which may be used during the call only. */
  add(member: NumberSteps): void;
  finish(): NumberSteps;
}

/** An aggregator that folds a group's samples, one after another, into one number a step. */
export function folding<State>(
  name: string,
  summary: string,
  start: (value: number) => State,
  add: (state: State, value: number) => State,
  finish: (state: State) => number,
): Aggregator {
  return {
    name,
    summary,
    aggregate: (group, { stepCount }) => [foldGroup(group, stepCount, start, add, finish)],
  };
}

function foldGroup<State>(
  group: Group,
  stepCount: number,
  start: (value: number) => State,
  add: (state: State, value: number) => State,
  finish: (state: State) => number,
): StepSeries {
  const states: (State | undefined)[] = new Array(stepCount).fill(undefined);
  for (const { values, present } of group.members) {
    for (let step = 0; step < stepCount; step += 1) {
      if (present[step] === 0) continue;
      const value = values[step] ?? Number.NaN;
      const state = states[step];
      states[step] = state === undefined ? start(value) : add(state, value);
    }
  }
  const present = Uint8Array.from(states, (state) => (state === undefined ? 0 : 1));
  const values = Float64Array.from(states, (state) => (state === undefined ? 0 : finish(state)));
  return { ...group.identity, values, present };
}

/** The values of a group's members at one step. */
function valuesAt(group: Group, step: number): Float64Array {
  const values = new Float64Array(group.members.length);
  let count = 0;
  for (const member of group.members) {
    if (member.present[step] === 0) continue;
    values[count] = member.values[step] ?? Number.NaN;
    count += 1;
  }
  return values.subarray(0, count);
}

/** An aggregator that needs all values of a step at once. */
export function perStep(
  name: string,
  summary: string,
  compute: (values: Float64Array, parameter: number) => number,
  checkParameter?: Aggregator['checkParameter'],
): Aggregator {
  const aggregate: Aggregator['aggregate'] = (group, { stepCount, parameters }) => {
    const values = new Float64Array(stepCount);
    const present = new Uint8Array(stepCount);
    for (let step = 0; step < stepCount; step += 1) {
      const here = valuesAt(group, step);
      if (here.length === 0) continue;
      values[step] = compute(here, parameters[step] ?? Number.NaN);
      present[step] = 1;
    }
    return [{ ...group.identity, values, present }];
  };
  return { name, summary, aggregate, ...(checkParameter === undefined ? {} : { checkParameter }) };
}
