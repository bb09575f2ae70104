import { quoteText } from '@maru/query-core';

/** The end of a note that names the metric, where there is a name. */
export function forMetric(name: string): string {
  return name === '' ? '' : ` for metric name ${quoteText(name)}`;
}
