/**
 * How many queries each of Prometheus's acceptance scripts has; all of them pass. The scripts lie beside the repository
 * where they are at hand; they are not part of it.
 */
export const suiteQueries: Readonly<Record<string, number>> = {
  aggregators: 160,
  at_modifier: 78,
  collision: 2,
  duration_expression: 59,
  extended_vectors: 169,
  'fill-modifier': 46,
  functions: 431,
  histograms: 185,
  info: 53,
  limit: 37,
  literals: 25,
  name_label_dropping: 30,
  native_histograms: 522,
  operators: 214,
  range_queries: 18,
  selectors: 31,
  staleness: 17,
  start_timestamps: 26,
  subquery: 34,
  trig_functions: 19,
  type_and_unit: 58,
};

/** All of them together. */
export const allQueries: number = Object.values(suiteQueries).reduce((sum, count) => sum + count, 0);
