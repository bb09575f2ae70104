import { expect, test } from 'vitest';
import { readHistogram } from '../notation/histogram.ts';
import { printHistogram } from './print-histogram.ts';

const cases = [
  [
    'schema:0 sum:3 count:3 z_bucket:1 z_bucket_w:0.5 buckets:[1] n_buckets:[1]',
    '[-1,-0.5):1, [-0.5,0.5]:1, (0.5,1]:1',
  ],
  ['schema:-53 sum:3 count:3 custom_values:[1 2] buckets:[1 1 1]', '[-Inf,1]:1, (1,2]:1, (2,+Inf]:1'],
] as const;

test.each(cases)('buckets of %s include the bounds that are theirs', (written, buckets) => {
  const { histogram } = readHistogram(written);
  expect(printHistogram(histogram)).toBe(`{count:3, sum:3, ${buckets}}`);
});
