import { meanOf } from '../functions/kahan.ts';
import { meanHistogram } from '../histogram/fold.ts';
import { withHistograms } from './combine-histograms.ts';
import { type Aggregator, perStep } from './definition.ts';

const summary = 'mean of the values';
const ofNumbers = perStep('avg', summary, meanOf);

export const avg: Aggregator = {
  name: 'avg',
  summary,
  takesHistograms: true,
  aggregate: (group, input) =>
    ofNumbers.aggregate(group, input).map((series) => withHistograms(series, group, input, meanHistogram)),
};
