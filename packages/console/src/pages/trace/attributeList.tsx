import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages } from '../../app/preferences.tsx';
import type { TracesState } from '../../app/state.ts';
import { CopyButton } from '../../components/copyButton.tsx';
import { Icon } from '../../components/icon.tsx';
import { LongText } from '../../components/longText.tsx';
import type { Attribute } from '../../model/attributes.ts';
import { conditionParameter } from '../../model/traceql.ts';

interface AttributeListProps {
  readonly scope: 'span' | 'resource' | 'event' | 'link';
  readonly attributes: readonly Attribute[];
  /** Narrows the search of the filter links to this service. */
  readonly service?: string;
}

/** Attributes as name and value, each with a link to the traces that share it. */
export function AttributeList({ scope, attributes, service }: AttributeListProps): ReactNode {
  const text = useMessages();
  return (
    <dl className="attributes">
      {attributes.map((attribute) => (
        <div key={attribute.key} data-attribute={attribute.key}>
          <dt className="telemetry">{attribute.key}</dt>
          <dd>
            <LongText text={attribute.text} />
            <span className="attribute-actions">
              <Link
                to="/traces"
                search={filterOf(scope, attribute, service)}
                className="tool small-tool"
                aria-label={`${text.filterBy}: ${attribute.key}`}
                title={text.filterBy}
              >
                <Icon name="filter" />
              </Link>
              <CopyButton value={attribute.text} />
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function filterOf(scope: string, { key, text, isText }: Attribute, service: string | undefined): TracesState {
  const value = isText ? `"${text}"` : text;
  if (scope === 'resource' && key === 'service.name') return { service: text };
  return { service, where: [conditionParameter({ key: `${scope}.${key}`, operator: '=', value })] };
}
