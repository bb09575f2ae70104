import { expect, test } from 'vitest';
import { readHistogram } from '../notation/histogram.ts';
import { allBuckets } from './bounds.ts';
import { nativeFraction, nativeQuantile } from './estimate.ts';

// Differences of histograms may count below 0, where Prometheus's steps show in the answer.

test('of a count below 0 no fraction is more than all', () => {
  const { histogram } = readHistogram('schema:-53 count:-9 sum:-4 custom_values:[1 2] buckets:[-5 -4]');
  expect(nativeFraction(0, 1.7, histogram)).toBeCloseTo(0);
});

test('values beyond the last bucket have all observations below them', () => {
  const { histogram } = readHistogram('schema:0 count:4 sum:4 buckets:[2]');
  expect(nativeFraction(0, 100, histogram)).toBe(1);
});

test('a bucket that ends where the zero bucket ends begins there, too', () => {
  const { histogram } = readHistogram('schema:-1 count:4 sum:1 z_bucket_w:0.25 offset:-1 buckets:[4]');
  expect(allBuckets(histogram)).toMatchObject([{ lower: 0.25, upper: 0.25, count: 4 }]);
});

test('a zero bucket below 0 is left out', () => {
  const { histogram } = readHistogram('schema:0 count:0 sum:0 z_bucket:-2 z_bucket_w:0.5 buckets:[2]');
  expect(allBuckets(histogram)).toMatchObject([{ lower: 0.5, upper: 1, count: 2 }]);
});

test('a rank that no bucket reaches lies at the end of the last one looked at', () => {
  const { histogram } = readHistogram('schema:-53 count:-9 sum:-4 custom_values:[1 2] buckets:[-5 -4]');
  expect(nativeQuantile(1, histogram).value).toBe(1);
});
