import type { ReactNode } from 'react';
import { ApiError } from '../api/http.ts';
import { useMessages } from '../app/preferences.tsx';

/** The server's own sentence about a query, position and all. */
export function QueryError({ error }: { readonly error: unknown }): ReactNode {
  const text = useMessages();
  if (!error) return null;
  const sentence = error instanceof Error ? error.message : String(error);
  const isAway = error instanceof ApiError && error.status === 0;
  return (
    <div className="query-error" role="alert" data-testid="query-error">
      <strong>{text.queryFailed}</strong>
      <span className="mono">{isAway ? text.unreachable(sentence) : sentence}</span>
    </div>
  );
}
