import type { ReactNode } from 'react';
import { useMessages } from '../../app/preferences.tsx';
import { Icon } from '../../components/icon.tsx';
import { QueryField } from '../../components/queryField.tsx';

interface QueryRowsProps {
  readonly queries: readonly string[];
  readonly isByHand: boolean;
  readonly onChange: (queries: readonly string[] | undefined) => void;
}

/** The queries behind the chart. Changing one makes them one's own; the suggested ones can be had back. */
export function QueryRows({ queries, isByHand, onChange }: QueryRowsProps): ReactNode {
  const text = useMessages();
  const replace = (index: number, query: string): void => {
    const next = queries.map((one, at) => (at === index ? query : one)).filter((one) => one !== '');
    onChange(next.length === 0 ? undefined : next);
  };
  return (
    <section className="query-rows" aria-label={text.query}>
      {queries.map((query, index) => (
        <QueryField
          // biome-ignore lint/suspicious/noArrayIndexKey: a query is known by its place; its text is what changes.
          key={index}
          language="PromQL"
          value={query}
          onRun={(typed) => replace(index, typed)}
          error={undefined}
          testId="promql"
        >
          {queries.length > 1 && (
            <button
              type="button"
              className="tool"
              aria-label={text.removeQuery}
              title={text.removeQuery}
              onClick={() => replace(index, '')}
            >
              <Icon name="close" />
            </button>
          )}
        </QueryField>
      ))}
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={() => onChange([...queries, queries.at(-1) ?? 'up'])}
        >
          <Icon name="plus" /> {text.addQuery}
        </button>
        {isByHand && (
          <button type="button" className="button" onClick={() => onChange(undefined)}>
            {text.resetQuery}
          </button>
        )}
      </div>
    </section>
  );
}
