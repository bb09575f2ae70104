// What OTLP becomes in Prometheus: the same names and labels wherever it is asked for, and nothing that a browser lacks.

export { printDecimal, printFloat } from './float.ts';
export { type LabelPair, SeriesLabels, type TextAttribute, verbatimLabels } from './labels.ts';
export { type NamedMetric, translatedLabel, translatedName } from './names.ts';
export {
  defaultNaming,
  type SeriesNaming,
  type TranslationStrategy,
  translationStrategies,
} from './naming.ts';
export { perUnitNames, unitNames } from './units.ts';
export { compareUtf8, sortedUtf8 } from './utf8-order.ts';
