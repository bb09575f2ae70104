import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages } from '../../app/preferences.tsx';
import { CopyButton } from '../../components/copyButton.tsx';
import { formatDuration } from '../../model/format.ts';
import type { Span, SpanEvent, SpanLink } from '../../model/trace.ts';
import type { SpanRow } from '../../model/traceTree.ts';
import { AttributeList } from './attributeList.tsx';

/** Everything a span says. */
export function SpanDetails({ row }: { readonly row: SpanRow }): ReactNode {
  const text = useMessages();
  const { span } = row;
  return (
    <article data-testid="span-details">
      <h2 className="telemetry">{span.name}</h2>
      {span.isError && (
        <p className="bad telemetry" role="status">
          {span.statusMessage || text.statusError}
        </p>
      )}
      {row.isOrphan && <p className="warn small">{text.orphanText}</p>}
      {row.skewNanos > 0 && <p className="warn small">{text.skewText(formatDuration(row.skewNanos))}</p>}
      <SpanFacts row={row} />
      <Section title={text.attributes} count={span.attributes.length}>
        <AttributeList scope="span" attributes={span.attributes} service={span.resource.service} />
      </Section>
      <Section title={text.events} count={span.events.length}>
        {span.events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity and never move.
          <EventView key={index} event={event} span={span} />
        ))}
      </Section>
      <Section title={text.links} count={span.links.length}>
        {span.links.map((link) => (
          <LinkView key={`${link.traceId} ${link.spanId}`} link={link} />
        ))}
      </Section>
      <Section title={text.resource} count={span.resource.attributes.length}>
        <AttributeList scope="resource" attributes={span.resource.attributes} />
      </Section>
    </article>
  );
}

function SpanFacts({ row }: { readonly row: SpanRow }): ReactNode {
  const text = useMessages();
  const { span } = row;
  return (
    <dl className="span-facts">
      <dt>{text.service}</dt>
      <dd>
        <Link to="/services/$service" params={{ service: span.resource.service }} className="telemetry">
          {span.resource.service}
        </Link>
      </dd>
      <dt>{text.kind}</dt>
      <dd>{span.kind}</dd>
      <dt>{text.duration}</dt>
      <dd className="number">{formatDuration(span.durationNanos)}</dd>
      <dt>{text.startsAt}</dt>
      <dd className="number">+{formatDuration(row.offsetNanos)}</dd>
      {span.scope && (
        <>
          <dt>{text.scope}</dt>
          <dd className="telemetry">{span.scope}</dd>
        </>
      )}
      <dt>{text.spanId}</dt>
      <dd>
        <code className="mono">{span.spanId}</code>
        <CopyButton value={span.spanId} />
      </dd>
    </dl>
  );
}

function Section({
  title,
  count,
  children,
}: {
  title: string;
  count: number;
  children: ReactNode;
}): ReactNode {
  if (count === 0) return null;
  return (
    <details className="section" open>
      <summary>
        {title} <span className="faint number">{count}</span>
      </summary>
      {children}
    </details>
  );
}

function EventView({ event, span }: { readonly event: SpanEvent; readonly span: Span }): ReactNode {
  return (
    <div className="event">
      <p>
        <strong className="telemetry">{event.name}</strong>{' '}
        <span className="faint number">+{formatDuration(event.offsetNanos)}</span>
      </p>
      <AttributeList scope="event" attributes={event.attributes} service={span.resource.service} />
    </div>
  );
}

function LinkView({ link }: { readonly link: SpanLink }): ReactNode {
  return (
    <div className="event">
      <Link
        to="/traces/$traceId"
        params={{ traceId: link.traceId }}
        search={{ span: link.spanId }}
        className="mono"
      >
        {link.traceId.slice(0, 8)}… / {link.spanId}
      </Link>
      <AttributeList scope="link" attributes={link.attributes} />
    </div>
  );
}
