import { type KeyboardEvent, type MouseEvent, memo, type ReactNode } from 'react';
import { useMessages } from '../../app/preferences.tsx';
import { Icon } from '../../components/icon.tsx';
import { formatDuration } from '../../model/format.ts';
import { spanHint } from '../../model/spanHint.ts';
import type { SpanRow } from '../../model/traceTree.ts';

interface SpanRowProps {
  readonly row: SpanRow;
  readonly top: number;
  readonly height: number;
  readonly traceNanos: number;
  readonly color: string | undefined;
  readonly isCollapsed: boolean;
  readonly isSelected: boolean;
  readonly isHit: boolean;
  readonly index: number;
  readonly onSelect: (row: number) => void;
  readonly onToggle: (spanId: string) => void;
}

/** One span: its name at its depth, its bar at its time. Drawn anew only when it changes, not whenever the rest scrolls. */
export const SpanRowView = memo(function SpanRowView(props: SpanRowProps): ReactNode {
  const { row, top, height, isCollapsed, isSelected, isHit } = props;
  const { span } = row;
  const onSelect = (): void => props.onSelect(props.index);
  const onToggle = (): void => props.onToggle(span.spanId);
  const isParent = row.descendants > 0;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect();
    }
    if (isParent && event.key === (isCollapsed ? 'ArrowRight' : 'ArrowLeft')) onToggle();
  };
  return (
    <div
      className="span-row"
      role="treeitem"
      tabIndex={0}
      aria-level={row.depth + 1}
      aria-expanded={isParent ? !isCollapsed : undefined}
      aria-selected={isSelected}
      data-row
      data-testid="span-row"
      data-span-id={span.spanId}
      data-service={span.resource.service}
      data-error={span.isError || undefined}
      data-hit={isHit || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={onSelect}
      onKeyDown={onKey}
    >
      <SpanName row={row} color={props.color} isCollapsed={isCollapsed} onToggle={onToggle} />
      <SpanBar row={row} color={props.color} traceNanos={props.traceNanos} />
    </div>
  );
});

/** Per level; deep spans end at a share of the column, so that their names stay in it. */
const indentPixels = 12;

interface SpanNameProps {
  readonly row: SpanRow;
  readonly color: string | undefined;
  readonly isCollapsed: boolean;
  readonly onToggle: () => void;
}

function SpanName({ row, color, isCollapsed, onToggle }: SpanNameProps): ReactNode {
  const text = useMessages();
  const toggle = (event: MouseEvent): void => {
    event.stopPropagation();
    onToggle();
  };
  return (
    <div className="span-name" style={{ paddingLeft: `min(${row.depth * indentPixels}px, 40%)` }}>
      {row.descendants > 0 ? (
        <button
          type="button"
          className="toggle"
          tabIndex={-1}
          aria-label={isCollapsed ? text.expand : text.collapse}
          onClick={toggle}
        >
          <Icon name={isCollapsed ? 'right' : 'down'} />
        </button>
      ) : (
        <span className="toggle" />
      )}
      <span className="span-color" style={{ background: color && `var(${color})` }} />
      <span className="span-text" title={`${row.span.resource.service} · ${row.span.name}`}>
        <span className="service-name telemetry">{row.span.resource.service}</span>
        <span className="telemetry span-title">{row.span.name}</span>
        <span className="telemetry span-hint">{spanHint(row.span.name, row.span.attributes)}</span>
      </span>
      {isCollapsed && <span className="folded number">+{row.descendants}</span>}
      <Marks row={row} />
    </div>
  );
}

const Marks = memo(function Marks({ row }: { readonly row: SpanRow }): ReactNode {
  const text = useMessages();
  return (
    <>
      {row.span.isError && (
        <span className="mark bad" title={row.span.statusMessage || text.statusError}>
          <Icon name="warning" />
          <span className="hidden-text">{text.statusError}</span>
        </span>
      )}
      {row.isOrphan && (
        <span className="mark warn" title={text.orphanText} data-testid="orphan">
          {text.orphan}
        </span>
      )}
      {row.skewNanos > 0 && (
        <span className="mark warn" title={text.skewText(formatDuration(row.skewNanos))}>
          {text.skew}
        </span>
      )}
    </>
  );
});

function SpanBar({
  row,
  color,
  traceNanos,
}: {
  row: SpanRow;
  color: string | undefined;
  traceNanos: number;
}): ReactNode {
  const scale = traceNanos === 0 ? 0 : 100 / traceNanos;
  const left = row.offsetNanos * scale;
  const width = row.span.durationNanos * scale;
  // The label stands after the bar while there is room for it, else before it, else upon it.
  const side = left + width < 82 ? 'after' : left > 18 ? 'before' : 'inside';
  const position =
    side === 'after'
      ? { left: `${left + width}%` }
      : { right: `${100 - (side === 'before' ? left : left + width)}%` };
  return (
    <div className="span-track">
      <span
        className="bar"
        style={{ left: `${left}%`, width: `${width}%`, background: color && `var(${color})` }}
      />
      {row.span.events.map((event, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity and never move.
          key={index}
          className="event-mark"
          title={event.name}
          style={{ left: `${(row.offsetNanos + event.offsetNanos) * scale}%` }}
        />
      ))}
      <span className="bar-label number" data-side={side} style={position}>
        {formatDuration(row.span.durationNanos)}
      </span>
    </div>
  );
}
