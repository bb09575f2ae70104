import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../components/icon.tsx';
import { useMessages } from './preferences.tsx';

const intervals = ['5s', '10s', '30s', '60s'] as const;

/** Asks again now, or every so often. */
export function RefreshControl(): ReactNode {
  const text = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { refresh } = useSearch({ from: '__root__' });
  const isFetching = useIsFetching({ predicate: (query) => query.queryKey[0] !== 'ledger' }) > 0;
  const setRefresh = (value: string): void =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, refresh: value || undefined }) });
  return (
    <div className="refresh">
      <button
        type="button"
        className={isFetching ? 'tool spinning' : 'tool'}
        data-testid="refresh"
        aria-label={text.refresh}
        title={text.refresh}
        onClick={() => void client.invalidateQueries()}
      >
        <Icon name="refresh" />
      </button>
      <select
        className="refresh-every"
        aria-label={text.refreshEvery}
        title={text.refreshEvery}
        value={refresh ?? ''}
        onChange={(event) => setRefresh(event.target.value)}
      >
        <option value="">{text.refreshAuto}</option>
        <option value="off">{text.refreshOff}</option>
        {intervals.map((interval) => (
          <option key={interval} value={interval}>
            {interval}
          </option>
        ))}
      </select>
    </div>
  );
}
