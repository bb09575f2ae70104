import { childrenOf, type Expression, type VectorSelector } from '../syntax/ast.ts';

const statistics: ReadonlySet<string> = new Set(['histogram_count', 'histogram_sum', 'histogram_avg']);
const wholeHistograms: ReadonlySet<string> = new Set([
  'histogram_quantile',
  'histogram_quantiles',
  'histogram_fraction',
  'histogram_stddev',
  'histogram_stdvar',
]);

/** The selectors of whose histograms only count and sum are wanted; Prometheus reads these in another way. */
export function statisticsSelectors(expression: Expression, inside = false): ReadonlySet<VectorSelector> {
  if (expression.kind === 'vectorSelector') return new Set(inside ? [expression] : []);
  const name = expression.kind === 'call' ? expression.name : '';
  const below = statistics.has(name) || (inside && !wholeHistograms.has(name));
  return new Set(childrenOf(expression).flatMap((child) => [...statisticsSelectors(child, below)]));
}
