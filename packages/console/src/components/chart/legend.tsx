import type { ReactNode } from 'react';
import { Dot } from '../dot.tsx';
import type { ChartData } from './chartData.ts';

interface LegendProps {
  readonly data: ChartData;
  /** The point under the cursor, or null. */
  readonly cursor: number | null;
  readonly format: (value: number) => string;
  /** Without a cursor: the last value, or the total. */
  readonly idle: 'last' | 'total';
  /** A press on a series shows it alone, a second one all again. */
  readonly onPick: (label: string) => void;
}

/** Every series with its value under the cursor, else its last one or their total. */
export function Legend({ data, cursor, format, idle, onPick }: LegendProps): ReactNode {
  return (
    <ul className="legend">
      {data.series.map((series, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two series may bear one name, and none moves.
        <li key={`${series.label} ${index}`} data-hidden={series.isHidden || undefined}>
          <button type="button" aria-pressed={!series.isHidden} onClick={() => onPick(series.label)}>
            <Dot color={series.color} />
            <span className="legend-name telemetry">{series.label}</span>
            <span className="number">{valueText(shownValue(series.values, cursor, idle), format)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

type Values = readonly (number | null)[];

function shownValue(
  values: Values,
  cursor: number | null,
  idle: LegendProps['idle'],
): number | null | undefined {
  if (cursor !== null) return values[cursor];
  if (idle === 'last') return values.findLast((value) => value !== null);
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}
