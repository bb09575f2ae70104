import type { ReactNode } from 'react';
import { useMessages } from '../../app/preferences.tsx';
import { Icon } from '../../components/icon.tsx';
import { Segmented } from '../../components/segmented.tsx';
import type { SpanRow, TraceTree } from '../../model/traceTree.ts';
import { SpanDetails } from './spanDetails.tsx';
import { TraceLogs } from './traceLogs.tsx';

interface SidePanelProps {
  readonly traceId: string;
  readonly tree: TraceTree;
  /** The selected span. */
  readonly row: SpanRow | undefined;
  readonly panel: 'span' | 'logs' | 'closed';
  readonly onPanel: (panel: 'logs' | undefined) => void;
  readonly onClose: () => void;
}

/** Beside the waterfall: the selected span, or the logs of the trace or of that span. */
export function SidePanel({ traceId, tree, row, panel, onPanel, onClose }: SidePanelProps): ReactNode {
  const text = useMessages();
  if (panel === 'closed') return null;
  return (
    <aside className="side" aria-label={text.spanDetails} data-testid="side-panel">
      <header className="side-head">
        {row ? (
          <Segmented
            label={text.spanDetails}
            value={panel}
            options={[
              { value: 'span', label: text.spanDetails },
              { value: 'logs', label: text.logs, testId: 'span-logs' },
            ]}
            onChange={(value) => onPanel(value === 'logs' ? 'logs' : undefined)}
          />
        ) : (
          <strong>{text.logsOfTrace}</strong>
        )}
        <button type="button" className="tool" aria-label={text.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="side-body">
        {panel === 'logs' && <TraceLogs traceId={traceId} tree={tree} spanId={row?.span.spanId} />}
        {panel === 'span' && row && <SpanDetails row={row} />}
      </div>
    </aside>
  );
}
