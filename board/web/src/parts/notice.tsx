import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { useBoard } from '../context.ts';

/** Says what was refused and why, with the trace id where there is one. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => void }): ReactNode {
  const { t } = useBoard();
  if (error === undefined) return null;
  const traceId = error instanceof ApiError ? error.traceId : undefined;
  return (
    <div className="notice" role="alert" data-testid="error">
      <span>{error instanceof Error ? error.message : String(error)}</span>
      {traceId && (
        <small>
          {t('traceId')} <code>{traceId}</code>
        </small>
      )}
      {retry && (
        <button type="button" className="quiet" onClick={retry}>
          {t('retry')}
        </button>
      )}
    </div>
  );
}

/** Stands where a value will be. */
export function Loading(): ReactNode {
  const { t } = useBoard();
  return <p className="faint">{t('loading')}</p>;
}
