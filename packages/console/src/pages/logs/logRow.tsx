import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { Icon } from '../../components/icon.tsx';
import { LongText } from '../../components/longText.tsx';
import { formatClock, formatDay } from '../../model/format.ts';
import { highlight } from '../../model/highlight.ts';
import type { LogRecord } from '../../model/logs.ts';
import { LogDetails } from './logDetails.tsx';

interface LogRowProps {
  readonly record: LogRecord;
  /** Texts that the query looks for. */
  readonly marked: readonly string[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** What fits on one line of any screen; the rest is in the opened row. */
const shownLength = 400;

/** One line of log; a press opens it. */
export function LogRow({ record, marked, isOpen, onToggle }: LogRowProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  return (
    <article
      className="log"
      data-testid="log-row"
      data-trace-id={record.traceId}
      data-level={record.level}
      data-open={isOpen || undefined}
    >
      <div className="log-line">
        <button type="button" className="log-toggle" data-row aria-expanded={isOpen} onClick={onToggle}>
          <time className="number log-time" title={formatDay(record.timeMillis, notation)}>
            {formatClock(record.timeMillis, notation)}
          </time>
          <span className="level">{record.level === 'unknown' ? '–' : record.level}</span>
          <span className="log-service telemetry">{record.service}</span>
          <span className="log-text mono telemetry">
            {highlight(record.line.slice(0, shownLength), marked).map((piece, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity but their place.
              piece.isHit ? <mark key={index}>{piece.text}</mark> : piece.text,
            )}
          </span>
        </button>
        {record.traceId && (
          <Link
            to="/traces/$traceId"
            params={{ traceId: record.traceId }}
            search={{ span: record.spanId || undefined }}
            className="tool small-tool log-trace"
            data-testid="log-trace"
            aria-label={text.openTraceOf}
            title={text.openTraceOf}
          >
            <Icon name="traces" />
          </Link>
        )}
      </div>
      {isOpen && (
        <div className="log-opened">
          <pre className="mono log-whole">
            <LongText text={record.line} marked={marked} />
          </pre>
          <LogDetails record={record} />
        </div>
      )}
    </article>
  );
}
