// Answering queries

export { aggregatorTable } from './aggregators/table.ts';
// What there is to ask about: names, labels, series
export { type Cardinality, findCardinality, type NamedCount } from './catalog/cardinality.ts';
export { type Exemplar, findExemplars, type SeriesExemplars } from './catalog/exemplars.ts';
export { findLabelNames } from './catalog/label-names.ts';
export { findLabelSets } from './catalog/label-sets.ts';
export { findLabelValues } from './catalog/label-values.ts';
export { findMetadata, type MetadataRequest, type MetricMetadata } from './catalog/metadata.ts';
export type { CatalogAnswer, CatalogOptions, CatalogScope } from './catalog/scope.ts';
export { deleteSeries, type SeriesDeletion } from './delete-series.ts';
export {
  createPromqlEngine,
  type EngineOptions,
  type PromqlEngine,
  parseChecked,
  type QueryOptions,
} from './engine.ts';
export type { FunctionDefinition } from './functions/definition.ts';
// What there is to call
export { functionNamed, functions, valueTypeOf } from './functions/table.ts';
// Native histograms
export { allBuckets, type BoundedBucket } from './histogram/bounds.ts';
export { addHistograms, equalHistograms, scaleHistogram } from './histogram/combine.ts';
export {
  customSchema,
  denseBuckets,
  emptyHistogram,
  type NativeHistogram,
} from './histogram/native-histogram.ts';
export { boundaryRule, printHistogram } from './histogram/print-histogram.ts';
// Series and points as Prometheus's tests write them
export type { WrittenHistogram } from './notation/histogram.ts';
export {
  nameOf,
  type Point,
  readLabels,
  readPoints,
  readSeriesLine,
  readStartLine,
  readTime,
  type SeriesLine,
  type StartLine,
} from './notation/series-line.ts';
export type { UnorderedSamples } from './read/order.ts';
export type { RawSeries } from './read/raw-series.ts';
// Samples as they are stored
export { rawSeries } from './read/raw-series-of.ts';
export type { SeriesSource } from './read/read-series.ts';
export type { QueryResult, ResultSeries, ResultValue } from './result.ts';
export { defaultPromqlSettings, type PromqlSettings } from './settings.ts';
// The syntax by itself
export {
  type Binary,
  type Call,
  type DurationExpression,
  type Expression,
  type Modifiers,
  selectorsOf,
  type VectorSelector,
} from './syntax/ast.ts';
export { parse } from './syntax/parse.ts';
export { print } from './syntax/print.ts';
