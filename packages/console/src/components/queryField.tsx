import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { useMessages } from '../app/preferences.tsx';

interface QueryFieldProps {
  /** The language, as the field's name: `TraceQL`, `LogQL`, `PromQL`. */
  readonly language: string;
  readonly value: string;
  readonly onRun: (query: string) => void;
  readonly error: unknown;
  readonly children?: ReactNode;
  readonly testId?: string;
}

/** A query in its language: Enter runs it, Shift+Enter starts a line. */
export function QueryField({ language, value, onRun, error, children, testId }: QueryFieldProps): ReactNode {
  const text = useMessages();
  const id = useId();
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const run = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    onRun(draft.trim());
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) run(event);
  };
  return (
    <form className="query-field" onSubmit={run}>
      <label htmlFor={id}>{language}</label>
      <textarea
        id={id}
        className="mono"
        value={draft}
        rows={draft.split('\n').length}
        data-testid={testId}
        aria-invalid={Boolean(error) || undefined}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKey}
      />
      <div className="query-actions">
        {children}
        <button type="submit" className="button primary">
          {text.runQuery}
        </button>
      </div>
    </form>
  );
}
