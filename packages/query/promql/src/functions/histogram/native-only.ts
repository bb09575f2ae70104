import { eachSample, type FunctionDefinition } from '../definition.ts';

/**
 * Functions of native histograms. Samples that are plain numbers give nothing, as in Prometheus; native histograms
 * themselves are refused where a selector would find them.
 */
export const nativeHistogramFunctions: readonly FunctionDefinition[] = [
  nativeOnly('histogram_count', 'number of observations of a native histogram'),
  nativeOnly('histogram_sum', 'sum of the observations of a native histogram'),
  nativeOnly('histogram_avg', 'mean of the observations of a native histogram'),
  nativeOnly('histogram_stddev', 'estimated standard deviation of a native histogram'),
  nativeOnly('histogram_stdvar', 'estimated variance of a native histogram'),
];

function nativeOnly(name: string, summary: string): FunctionDefinition {
  return eachSample(name, summary, () => undefined);
}
