import { quoteText } from '@maru/query-core';
import { forMetric } from '../functions/metric-note.ts';

/** Prometheus's words for what is odd about native histograms. */
export const histogramNotes = {
  notCounter: (metric: string): string =>
    `this native histogram metric is not a counter: ${quoteText(metric)}`,
  notGauge: (metric: string): string => `this native histogram metric is not a gauge: ${quoteText(metric)}`,
  mixedWithFloats: (metric: string): string =>
    `encountered a mix of histograms and floats${forMetric(metric)}`,
  mixedInAggregation: 'encountered a mix of histograms and floats for aggregation',
  mixedSchemas: (metric: string): string =>
    `vector contains a mix of histograms with exponential and custom buckets schemas${forMetric(metric)}`,
  hintsCollide: (during: HistogramOperation): string =>
    `conflicting counter resets during histogram ${during}`,
  reconciled: (during: HistogramOperation): string =>
    `mismatched custom buckets were reconciled during ${during}`,
  ignoredIn: (operation: string): string => `ignored histogram in ${operation} aggregation`,
} as const;

export type HistogramOperation = 'aggregation' | 'addition' | 'subtraction';
