import { compilePattern, QueryError, withLabel } from '@maru/query-core';
import { mergeSameLabels } from '../../evaluate/names.ts';
import type { StepSeries, Value } from '../../evaluate/values.ts';
import { type FunctionDefinition, whole } from '../definition.ts';
import { checkLabelName, textOf } from './arguments.ts';
import { relabelled } from './relabelled.ts';

export const labelReplace: FunctionDefinition = whole(
  'label_replace',
  'sets a label from another one that a regular expression matches as a whole',
  ['vector', 'string', 'string', 'string', 'string'],
  ({ values }) => replaceIn(values),
);

function replaceIn(values: readonly Value[]): Value {
  const [vector] = values;
  const [target, replacement, source, pattern] = [1, 2, 3, 4].map((index) => textOf(values[index]));
  checkLabelName('destination', 'label_replace()', target ?? '');
  const replace = replacer(pattern ?? '', replacement ?? '');
  const change = (series: StepSeries): StepSeries => {
    const value = replace(series.labels.get(source ?? '') ?? '');
    return value === undefined
      ? series
      : relabelled(series, target ?? '', withLabel(series.labels, target ?? '', value));
  };
  const series = vector?.kind === 'vector' ? vector.series : [];
  return { kind: 'vector', series: mergeSameLabels(series.map(change)) };
}

/** The replacement for a value, or `undefined` when the whole value does not match. */
function replacer(pattern: string, replacement: string): (value: string) => string | undefined {
  const compiled = compileWhole(pattern);
  return (value) => {
    const matcher = compiled.matcher(value);
    if (!matcher.matches()) return undefined;
    return expand(replacement, (group) => {
      const index = /^\d+$/.test(group) ? Number(group) : compiled.namedGroups()[group];
      return index === undefined || index > matcher.groupCount() ? '' : (matcher.group(index) ?? '');
    });
  };
}

function compileWhole(pattern: string): ReturnType<typeof compilePattern> {
  try {
    return compilePattern(`^(?s:${pattern})$`);
  } catch (error) {
    const text = `invalid regular expression in label_replace(): ${pattern}`;
    throw new QueryError('execution', text, undefined, { cause: error });
  }
}

/** Go's template: `$1`, `${1}`, `$name`, `${name}`, `$$` for a dollar; a name is as long as letters go. */
function expand(template: string, group: (name: string) => string): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) =>
    whole === '$$' ? '$' : group(braced ?? plain ?? ''),
  );
}
