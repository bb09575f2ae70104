import { withLabel } from '@maru/query-core';
import { mergeSameLabels } from '../../evaluate/names.ts';
import type { StepSeries } from '../../evaluate/values.ts';
import { type FunctionDefinition, whole } from '../definition.ts';
import { checkLabelName, textOf } from './arguments.ts';
import { relabelled } from './relabelled.ts';

export const labelJoin: FunctionDefinition = whole(
  'label_join',
  'sets a label to the values of others, joined',
  ['vector', 'string', 'string', 'string'],
  ({ values: [vector, ...texts] }) => {
    const [target = '', separator = '', ...sources] = texts.map(textOf);
    for (const source of sources) checkLabelName('source', 'label_join()', source);
    checkLabelName('destination', 'label_join()', target);
    const join = (series: StepSeries): StepSeries => {
      const value = sources.map((source) => series.labels.get(source) ?? '').join(separator);
      return relabelled(series, target, withLabel(series.labels, target, value));
    };
    const series = vector?.kind === 'vector' ? vector.series : [];
    return { kind: 'vector', series: mergeSameLabels(series.map(join)) };
  },
  { isVariadic: true, optionalCount: 1 },
);
