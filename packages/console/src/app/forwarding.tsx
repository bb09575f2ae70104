import type { LedgerResponse } from '@maru/api';
import type { ReactNode } from 'react';
import { signals } from '../api/maru.ts';
import { formatClock, formatCount, millisOfNanos } from '../model/format.ts';
import { useMessages, useNotation } from './preferences.tsx';

type Destinations = NonNullable<LedgerResponse['destinations']>;

const usual = ['forwarded', 'waiting'] as const;
const seldom = ['rejected', 'failed', 'filtered', 'dropped'] as const;

type Outcome = (typeof usual)[number] | (typeof seldom)[number];

/** The usual ones, and of the others those that there were: seven columns do not fit. */
function outcomesOf(destinations: Destinations): readonly Outcome[] {
  const totals = Object.values(destinations).flatMap((destination) => Object.values(destination.signals));
  return [...usual, ...seldom.filter((outcome) => totals.some((counts) => counts[outcome] !== '0'))];
}

/** What became of the items that each destination should get; nothing where nothing is forwarded. */
export function Forwarding({ destinations }: { readonly destinations: Destinations }): ReactNode {
  const text = useMessages();
  const rows = Object.entries(destinations);
  if (rows.length === 0) return null;
  const outcomes = outcomesOf(destinations);
  return (
    <section>
      <h3 className="small">{text.forwarding}</h3>
      <table className="table compact">
        <thead>
          <tr>
            <th scope="col" aria-label={text.forwarding} />
            {outcomes.map((outcome) => (
              <th key={outcome} scope="col" className="right">
                {text[outcome]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, destination]) => (
            <Destination key={name} name={name} destination={destination} outcomes={outcomes} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface DestinationProps {
  readonly name: string;
  readonly destination: Destinations[string];
  readonly outcomes: readonly Outcome[];
}

function Destination({ name, destination, outcomes }: DestinationProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const { trouble } = destination;
  return (
    <>
      {signals.flatMap((signal) => {
        const totals = destination.signals[signal];
        if (totals === undefined) return [];
        return [
          <tr key={signal}>
            <th scope="row">
              {name} <span className="faint">{text[signal]}</span>
            </th>
            {outcomes.map((outcome) => (
              <td key={outcome} className="right number">
                {formatCount(Number(totals[outcome]), notation)}
              </td>
            ))}
          </tr>,
        ];
      })}
      {trouble && (
        <tr>
          <td colSpan={outcomes.length + 1} className="warn small">
            {text.troubleSince(formatClock(millisOfNanos(trouble.sinceTimeUnixNano), notation))}:{' '}
            {trouble.detail}
          </td>
        </tr>
      )}
    </>
  );
}
