import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { Icon } from '../../components/icon.tsx';
import { formatCount } from '../../model/format.ts';

interface TraceToolbarProps {
  readonly find: string;
  /** Rows that hold the text. */
  readonly hits: readonly number[];
  /** The selected row, or -1. */
  readonly selected: number;
  readonly isCollapsed: boolean;
  readonly isLogsOpen: boolean;
  readonly onFind: (find: string) => void;
  readonly onSelect: (row: number) => void;
  readonly onCollapseAll: () => void;
  readonly onExpandAll: () => void;
  readonly onLogs: () => void;
}

/** Search inside the trace, fold and unfold it, open its logs. */
export function TraceToolbar(props: TraceToolbarProps): ReactNode {
  const text = useMessages();
  return (
    <div className="trace-toolbar">
      <FindField {...props} />
      <button
        type="button"
        className="button"
        onClick={props.isCollapsed ? props.onExpandAll : props.onCollapseAll}
      >
        {props.isCollapsed ? text.expandAll : text.collapseAll}
      </button>
      <button
        type="button"
        className="button"
        data-testid="trace-logs"
        aria-pressed={props.isLogsOpen}
        onClick={props.onLogs}
      >
        <Icon name="logs" /> {text.logsOfTrace}
      </button>
    </div>
  );
}

function FindField({ find, hits, selected, onFind, onSelect }: TraceToolbarProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const [draft, setDraft] = useState(find);
  useEffect(() => setDraft(find), [find]);
  const at = hits.indexOf(selected);
  const go = (step: 1 | -1): void => {
    const row = neighbour(hits, selected, step);
    if (row !== undefined) onSelect(row);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) go(event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') onFind('');
  };
  const change = (value: string): void => {
    setDraft(value);
    onFind(value);
  };
  const state =
    hits.length === 0
      ? text.noMatches
      : text.matches(at < 0 ? '–' : formatCount(at + 1, notation), formatCount(hits.length, notation));
  return (
    <search className="find">
      <Icon name="search" />
      <input
        type="text"
        value={draft}
        placeholder={text.findInTrace}
        aria-label={text.findInTrace}
        data-search
        data-testid="trace-find"
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKey}
      />
      {find && (
        <output className="faint small" data-testid="trace-find-count">
          {state}
        </output>
      )}
      <button
        type="button"
        className="tool"
        aria-label={text.previous}
        disabled={hits.length === 0}
        onClick={() => go(-1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        className="tool"
        aria-label={text.next}
        disabled={hits.length === 0}
        onClick={() => go(1)}
      >
        <Icon name="down" />
      </button>
    </search>
  );
}

/** The hit after (or before) a row, going round at the ends. */
function neighbour(hits: readonly number[], from: number, step: 1 | -1): number | undefined {
  if (step === 1) return hits.find((hit) => hit > from) ?? hits[0];
  return hits.findLast((hit) => hit < from) ?? hits.at(-1);
}
