import type { RawSeries } from '../read/raw-series.ts';
import type { VectorSelector } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';

/**
 * Hands the series of a selector to `use`, one after another, other work getting its turn between them. Samples may be
 * used during the call only.
 */
export async function eachSeries(
  { data, budget }: EvaluationContext,
  selector: VectorSelector,
  use: (series: RawSeries) => void,
): Promise<void> {
  for await (const batch of data.get(selector)?.batches() ?? []) {
    for (const series of batch) {
      if (budget.isDue) await budget.rest();
      use(series);
    }
  }
}
