import type { ReactNode } from 'react';
import { Dot } from '../dot.tsx';
import type { ChartData } from './chart.tsx';

interface LegendProps {
  readonly data: ChartData;
  /** The point under the cursor, or null. */
  readonly cursor: number | null;
  readonly format: (value: number) => string;
}

/** Every series with its value under the cursor, else its last one. */
export function Legend({ data, cursor, format }: LegendProps): ReactNode {
  return (
    <ul className="legend">
      {data.series.map((series, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two series may bear one name, and none moves.
        <li key={`${series.label} ${index}`} data-hidden={series.isHidden || undefined}>
          <Dot color={series.color} />
          <span className="legend-name telemetry">{series.label}</span>
          <span className="number">{valueText(series.values, cursor, format)}</span>
        </li>
      ))}
    </ul>
  );
}

function valueText(
  values: readonly (number | null)[],
  cursor: number | null,
  format: (value: number) => string,
): string {
  const value = cursor === null ? values.findLast((one) => one !== null) : values[cursor];
  return value === null || value === undefined ? '–' : format(value);
}
