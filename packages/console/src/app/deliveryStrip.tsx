import type { LedgerCounts, LedgerResponse, Signal } from '@maru/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fetchLedger, fetchStatus, signals } from '../api/maru.ts';
import { Popover } from '../components/popover.tsx';
import { formatCount } from '../model/format.ts';
import { DeliveryPanel } from './deliveryPanel.tsx';
import { useMessages, useNotation } from './preferences.tsx';

const ledgerMillis = 5000;

/** The ledger, asked every five seconds while the page is in sight. */
export function useLedger(refreshMillis: number = ledgerMillis): {
  data: LedgerResponse | undefined;
  isError: boolean;
} {
  return useQuery({
    queryKey: ['ledger'],
    queryFn: ({ signal }) => fetchLedger(signal),
    refetchInterval: refreshMillis,
  });
}

/** What arrived and what became of it, in sight on every page. */
export function DeliveryStrip({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const text = useMessages();
  const { data: ledger, isError } = useLedger();
  const { data: status } = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => fetchStatus(signal),
    staleTime: 60e3,
  });
  return (
    <footer className="strip" data-testid="delivery-strip">
      <Popover
        className="strip-popover"
        side="top"
        testId="delivery"
        button={
          <>
            <span className="hidden-text">{text.delivery}:</span>
            <StripButton ledger={ledger} isAway={isError} />
          </>
        }
      >
        {(close) => <DeliveryPanel ledger={ledger} onLeave={close} />}
      </Popover>
      <span className="strip-right">
        {status && <span className="faint">maru {status.version}</span>}
        <button
          type="button"
          className="link-button"
          title={text.keyboard}
          aria-label={text.keyboard}
          onClick={onHelp}
        >
          ?
        </button>
      </span>
    </footer>
  );
}

function StripButton({
  ledger,
  isAway,
}: {
  readonly ledger: LedgerResponse | undefined;
  readonly isAway: boolean;
}): ReactNode {
  const text = useMessages();
  if (isAway) return <span className="strip-away">{text.ledgerAway}</span>;
  return signals.map((signal) => (
    <SignalState key={signal} signal={signal} counts={ledger?.signals[signal]} />
  ));
}

function SignalState({
  signal,
  counts,
}: {
  readonly signal: Signal;
  readonly counts: LedgerCounts | undefined;
}): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const count = (value: string | undefined): string => formatCount(Number(value ?? 0), notation);
  const lost = Number(counts?.rejected ?? 0) + Number(counts?.dead ?? 0);
  const waiting = Number(counts?.waiting ?? 0);
  return (
    <span className="strip-signal" data-signal={signal} data-state={stateOf(counts)}>
      <span className="dot" aria-hidden="true" />
      <span className="strip-name">{text[signal]}</span>
      <span className="number" title={text.stored}>
        {count(counts?.stored)}
        <span className="strip-word"> {text.stored}</span>
      </span>
      {waiting > 0 && (
        <span className="faint strip-extra">
          {count(counts?.waiting)}
          <span className="strip-word"> {text.waiting}</span>
        </span>
      )}
      {lost > 0 && (
        <span className="bad strip-extra">
          {formatCount(lost, notation)}
          <span className="strip-word bad"> {text.rejected}</span>
        </span>
      )}
    </span>
  );
}

function stateOf(counts: LedgerCounts | undefined): 'none' | 'lost' | 'fine' {
  if (!counts || counts.received === '0') return 'none';
  return Number(counts.rejected) + Number(counts.dead) > 0 ? 'lost' : 'fine';
}
