import type { ReactNode } from 'react';

interface SparklineProps {
  readonly values: readonly number[];
  /** Drawn over the same points in the error colour; as many as `values`. */
  readonly errors?: readonly number[];
}

const width = 120;
const height = 24;

/** A small course of values without axes; what it shows is also in the row's numbers, so it is hidden from readers. */
export function Sparkline({ values, errors }: SparklineProps): ReactNode {
  const top = Math.max(...values, 0);
  if (values.length < 2 || top === 0)
    return <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />;
  const line = path(values, top);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="sparkline-area" d={`${line}V${height}H0Z`} />
      <path className="sparkline-line" d={line} />
      {errors?.some((count) => count > 0) && (
        <path className="sparkline-errors" d={`${path(errors, top)}V${height}H0Z`} />
      )}
    </svg>
  );
}

function path(values: readonly number[], top: number): string {
  const step = width / (values.length - 1);
  const points = values.map((value, index) => {
    const y = height - 1 - (value / top) * (height - 3);
    return `${(index * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
