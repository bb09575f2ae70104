import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FoundTrace } from '../api/tempo.ts';
import { useMessages, useNotation } from '../app/preferences.tsx';
import { formatClock, formatCount, formatDay, formatDuration } from '../model/format.ts';
import { type FoundTraceRow, foundTraceRow } from '../model/foundTrace.ts';
import { serviceColors } from '../model/palette.ts';
import '../styles/traceTable.css';
import { Dot } from './dot.tsx';

interface TraceTableProps {
  readonly traces: readonly FoundTrace[];
  /** Without the list of services, for a narrow column. */
  readonly isCompact?: boolean;
}

/** Found traces, newest first, each with a bar as long as it took. */
export function TraceTable({ traces, isCompact = false }: TraceTableProps): ReactNode {
  const text = useMessages();
  const rows = traces.map(foundTraceRow);
  const longest = Math.max(...rows.map((row) => row.durationNanos), 1);
  const colors = serviceColors(
    rows.flatMap((row) => [row.rootService, ...row.services.map(({ name }) => name)]),
  );
  return (
    <table className={isCompact ? 'table compact traces narrow' : 'table traces'} data-testid="traces">
      <thead>
        <tr>
          <th scope="col">{text.time}</th>
          <th scope="col">{text.root}</th>
          <th scope="col">{text.duration}</th>
          <th scope="col" className="right">
            {text.spans}
          </th>
          <th scope="col" className="right">
            {text.errors}
          </th>
          {!isCompact && <th scope="col">{text.services}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <TraceRow key={row.traceId} row={row} longest={longest} colors={colors} isCompact={isCompact} />
        ))}
      </tbody>
    </table>
  );
}

interface TraceRowProps {
  readonly row: FoundTraceRow;
  readonly longest: number;
  readonly colors: ReadonlyMap<string, string>;
  readonly isCompact: boolean;
}

function TraceRow({ row, longest, colors, isCompact }: TraceRowProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const color = colors.get(row.rootService);
  return (
    <tr data-testid="trace-row" data-trace-id={row.traceId} data-error={row.errors > 0 || undefined}>
      <td className="number trace-time">
        <span className="faint">{formatDay(row.startMillis, notation)}</span>{' '}
        {formatClock(row.startMillis, notation)}
      </td>
      <td className="trace-root">
        <Link to="/traces/$traceId" params={{ traceId: row.traceId }} className="row-link" data-row>
          <RootName row={row} color={color} />
        </Link>
      </td>
      <td className="trace-duration">
        <span className="meter" aria-hidden="true">
          <span
            style={{
              width: `${Math.max(1, (100 * row.durationNanos) / longest)}%`,
              background: color && `var(${color})`,
            }}
          />
        </span>
        <span className="number">{formatDuration(row.durationNanos)}</span>
      </td>
      <td className="right number trace-spans" data-label={text.spans}>
        {formatCount(row.spans, notation)}
      </td>
      <td
        className={row.errors > 0 ? 'right number bad trace-errors' : 'right number faint trace-errors'}
        data-label={text.errors}
      >
        {formatCount(row.errors, notation)}
      </td>
      {!isCompact && (
        <td className="trace-services">
          {row.services.map(({ name, spans }) => (
            <span key={name} className="chip" title={`${name} · ${spans}`}>
              <Dot color={colors.get(name)} />
              <span className="telemetry">{name}</span>
              <span className="faint number">{spans}</span>
            </span>
          ))}
        </td>
      )}
    </tr>
  );
}

function RootName({
  row,
  color,
}: {
  readonly row: FoundTraceRow;
  readonly color: string | undefined;
}): ReactNode {
  const text = useMessages();
  return (
    <>
      <Dot color={color} />
      <span className="service-name telemetry">{row.isRootMissing ? text.rootMissing : row.rootService}</span>
      <span className="telemetry">{row.rootName}</span>
    </>
  );
}
