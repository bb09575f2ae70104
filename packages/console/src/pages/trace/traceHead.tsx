import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { CopyButton } from '../../components/copyButton.tsx';
import { Dot } from '../../components/dot.tsx';
import { Icon } from '../../components/icon.tsx';
import { formatCount, formatDuration, formatMoment } from '../../model/format.ts';
import type { TraceTree } from '../../model/traceTree.ts';

interface TraceHeadProps {
  readonly traceId: string;
  readonly tree: TraceTree;
  readonly colors: ReadonlyMap<string, string>;
}

/** What the trace is: its root, when, how long, how many spans and errors, and which services took part. */
export function TraceHead({ traceId, tree, colors }: TraceHeadProps): ReactNode {
  const root = tree.rows[0]?.span;
  return (
    <header className="trace-head">
      <title>{`${root?.resource.service ?? ''} ${root?.name ?? ''} · Maru`}</title>
      <h1>
        <span className="telemetry trace-service">{root?.resource.service}</span>{' '}
        <span className="telemetry">{root?.name}</span>
      </h1>
      <Facts traceId={traceId} tree={tree} />
      <div className="chips">
        {tree.services.map(({ service, spans, errors }) => (
          <Link key={service} to="/services/$service" params={{ service }} className="chip">
            <Dot color={colors.get(service)} />
            <span className="telemetry">{service}</span>
            <span className="faint number">{spans}</span>
            {errors > 0 && <span className="bad number">{errors}</span>}
          </Link>
        ))}
      </div>
    </header>
  );
}

function Facts({ traceId, tree }: { readonly traceId: string; readonly tree: TraceTree }): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const count = (value: number): string => formatCount(value, notation);
  return (
    <p className="facts">
      <span className="number">{formatMoment(Number(tree.startUnixNano / 1_000_000n), notation)}</span>
      <strong className="number" data-testid="trace-duration">
        {formatDuration(tree.durationNanos)}
      </strong>
      <span data-testid="trace-span-count">{text.spansCount(count(tree.rows.length))}</span>
      {tree.errors > 0 && (
        <span className="bad">
          <Icon name="warning" /> {text.errorsCount(count(tree.errors))}
        </span>
      )}
      {tree.orphans > 0 && (
        <span className="warn" title={text.orphanText}>
          {text.orphansCount(count(tree.orphans))}
        </span>
      )}
      <span className="trace-id">
        <code className="mono faint" title={text.traceId}>
          {traceId}
        </code>
        <CopyButton value={traceId} />
      </span>
    </p>
  );
}
