/** One line, or one colour of the bars. */
export interface ChartSeries {
  readonly label: string;
  /** A custom property of the style sheet (`--series-3`). */
  readonly color: string;
  readonly values: readonly (number | null)[];
  readonly isHidden?: boolean;
  readonly isFilled?: boolean;
}

/** What a chart draws. */
export interface ChartData {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly startMillis: number;
  readonly endMillis: number;
}

/** How it is drawn. */
export interface ChartLook {
  readonly kind: 'line' | 'bars' | 'points';
  readonly height: number;
  readonly format: (value: number) => string;
  /** Charts with one key share their cursor. */
  readonly syncKey?: string;
  /** The top of the value axis while there is nothing to draw. */
  readonly emptyTop?: number;
}
