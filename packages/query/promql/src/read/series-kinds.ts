/** What kind of points stand behind a series; the name of the column's enum in the store. */
export type PointKind = 'number' | 'histogram' | 'summary' | 'exponentialHistogram' | 'nativeHistogram';

export const pointKinds: readonly PointKind[] = [
  'number',
  'histogram',
  'exponentialHistogram',
  'nativeHistogram',
  'summary',
];

/** Which part of a histogram or summary a Prometheus series shows. */
export type Part = 'value' | 'bucket' | 'quantile' | 'count' | 'sum';

/** One family of Prometheus series that a stored metric gives: its parts by the suffix of their names. */
export interface PartName {
  readonly part: Part;
  readonly suffix: string;
}

/** The parts of each kind of points. A histogram or summary is kept whole; its Prometheus series are made when read. */
export const partsOf: Readonly<Record<PointKind, readonly PartName[]>> = {
  number: [{ part: 'value', suffix: '' }],
  histogram: [
    { part: 'bucket', suffix: '_bucket' },
    { part: 'count', suffix: '_count' },
    { part: 'sum', suffix: '_sum' },
  ],
  exponentialHistogram: [{ part: 'value', suffix: '' }],
  nativeHistogram: [{ part: 'value', suffix: '' }],
  summary: [
    { part: 'quantile', suffix: '' },
    { part: 'count', suffix: '_count' },
    { part: 'sum', suffix: '_sum' },
  ],
};

/** Labels that are made when read, and so are no labels of the store. */
export const madeLabels: MadeLabels = {
  number: undefined,
  histogram: 'le',
  exponentialHistogram: undefined,
  nativeHistogram: undefined,
  summary: 'quantile',
};

type MadeLabels = Readonly<Record<Exclude<PointKind, 'histogram' | 'summary'>, undefined>> & {
  readonly histogram: 'le';
  readonly summary: 'quantile';
};

/** By the number of the store's enum `metric_type`. */
const kindsByType: Readonly<Record<number, PointKind>> = {
  5: 'number',
  7: 'number',
  9: 'histogram',
  10: 'exponentialHistogram',
  11: 'summary',
  29: 'nativeHistogram',
};

/** The kind of points of a metric whose type has that number in the store. */
export function kindOfType(typeNumber: number | undefined): PointKind {
  return kindsByType[typeNumber ?? 0] ?? 'number';
}
