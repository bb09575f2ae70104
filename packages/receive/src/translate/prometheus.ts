// What other ways to Prometheus's series than remote write share with it
export { readBuckets } from './histogram.ts';
export { doubleOf, type Field, fieldsOf, signedOf, textOf, textPair, zigzagOf } from './message.ts';
export { staleBits } from './otlp-values.ts';
export type { Sample, WrittenExemplar, WrittenHistogram, WrittenSeries } from './series.ts';
export { seriesToOtlp } from './series-to-otlp.ts';
