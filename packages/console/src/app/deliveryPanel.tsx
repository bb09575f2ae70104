import type { LedgerResponse, Rejection } from '@maru/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { signals } from '../api/maru.ts';
import { formatClock, formatCount, millisOfNanos } from '../model/format.ts';
import { Forwarding } from './forwarding.tsx';
import { useMessages, useNotation } from './preferences.tsx';

const stages = ['received', 'stored', 'waiting', 'rejected', 'dead'] as const;

interface DeliveryPanelProps {
  readonly ledger: LedgerResponse | undefined;
  /** A link of the panel was followed. */
  readonly onLeave: () => void;
}

/** The ledger in full: every stage of every signal, whether the sums balance, and what was rejected last. */
export function DeliveryPanel({ ledger, onLeave }: DeliveryPanelProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  return (
    <div className="delivery-panel">
      <strong>{text.delivery}</strong>
      <p className="faint small">{text.deliveryHint}</p>
      <table className="table compact">
        <thead>
          <tr>
            <th scope="col" aria-label={text.delivery} />
            {stages.map((stage) => (
              <th key={stage} scope="col" className="right">
                {text[stage]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {signals.map((signal) => (
            <tr key={signal}>
              <th scope="row">{text[signal]}</th>
              {stages.map((stage) => (
                <td key={stage} className="right number">
                  {formatCount(Number(ledger?.signals[signal]?.[stage] ?? 0), notation)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {ledger && (
        <p className={ledger.balanced ? 'good small' : 'warn small'}>
          {ledger.balanced ? text.balanced : text.unbalanced}
        </p>
      )}
      <Forwarding destinations={ledger?.destinations ?? {}} />
      <Rejections rejections={ledger?.rejections ?? []} onLeave={onLeave} />
    </div>
  );
}

const shownRejections = 5;

function Rejections({
  rejections,
  onLeave,
}: {
  readonly rejections: readonly Rejection[];
  readonly onLeave: () => void;
}): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  if (rejections.length === 0) return <p className="faint small">{text.noRejections}</p>;
  return (
    <section>
      <h3 className="small">{text.lastRejections}</h3>
      <ul className="rejections">
        {rejections.slice(0, shownRejections).map((rejection) => (
          <li key={`${rejection.timeUnixNano} ${rejection.signal} ${rejection.reason} ${rejection.source}`}>
            <span className="number faint">
              {formatClock(millisOfNanos(rejection.timeUnixNano), notation)}
            </span>{' '}
            <strong>
              {rejection.signal} ×{formatCount(Number(rejection.count), notation)}
            </strong>{' '}
            <span className="faint">{[rejection.source, rejection.reason].filter(Boolean).join(' · ')}</span>
            <p>
              {rejection.detail}{' '}
              <Link to="/doctor" search={{ about: rejection.source }} onClick={onLeave}>
                {text.doctorAsk}
              </Link>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
