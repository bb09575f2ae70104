import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fetchLogLabelValues } from '../../api/loki.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRangedQuery } from '../../app/range.ts';
import type { LogsState } from '../../app/state.ts';
import { SelectField, TextField } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { levels } from '../../model/logs.ts';

/** The choices of a log search. */
export function LogBuilder({ state }: { readonly state: LogsState }): ReactNode {
  const text = useMessages();
  const navigate = useNavigate({ from: '/logs' });
  const change = (changed: LogsState): void =>
    void navigate({ search: (before) => ({ ...before, ...changed, q: undefined, limit: undefined }) });
  const services = useRangedQuery({
    key: ['log label values', 'service_name'],
    fetch: (range, signal) => fetchLogLabelValues('service_name', range, signal),
  });
  const names = services.data?.value ?? [];
  return (
    <section className="builder" aria-label={text.search} data-by-hand={state.q ? true : undefined}>
      <SelectField
        label={text.service}
        value={state.service ?? ''}
        options={[{ value: '', label: text.any }, ...names.map((value) => ({ value, label: value }))]}
        testId="log-service"
        onChange={(service) => change({ service: service || undefined })}
      />
      <SelectField
        label={text.level}
        value={state.level ?? ''}
        options={[
          { value: '', label: text.any },
          ...levels.map((value) => ({ value, label: value === 'unknown' ? text.levelUnknown : value })),
        ]}
        className="short"
        testId="log-level"
        onChange={(level) => change({ level: level || undefined })}
      />
      <TextField
        label={text.text}
        value={state.text ?? ''}
        placeholder={text.textHint}
        isSearch
        className="wide"
        testId="log-text"
        onCommit={(value) => change({ text: value || undefined })}
      />
      <IdFilter name={text.traceId} value={state.trace} onRemove={() => change({ trace: undefined })} />
      <IdFilter name={text.spanId} value={state.span} onRemove={() => change({ span: undefined })} />
      <LiveToggle />
    </section>
  );
}

interface IdFilterProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly onRemove: () => void;
}

function IdFilter({ name, value, onRemove }: IdFilterProps): ReactNode {
  const text = useMessages();
  if (!value) return null;
  return (
    <span className="chip condition" title={value}>
      <span className="faint">{name}</span> <code className="mono">{value.slice(0, 12)}</code>
      <button type="button" aria-label={`${text.removeCondition}: ${name}`} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}

const liveRefresh = '2s';

/** Asks every two seconds for what is new, up to now. */
function LiveToggle(): ReactNode {
  const text = useMessages();
  const navigate = useNavigate({ from: '/logs' });
  const { refresh, to } = useSearch({ from: '__root__' });
  const isLive = refresh === liveRefresh && (to === undefined || to === 'now');
  const live = { refresh: liveRefresh, from: 'now-15m', to: 'now' };
  const toggle = (): void =>
    void navigate({ search: (before) => ({ ...before, ...(isLive ? { refresh: undefined } : live) }) });
  return (
    <button
      type="button"
      className="button live"
      aria-pressed={isLive}
      data-testid="live-toggle"
      onClick={toggle}
    >
      <span className={isLive ? 'pulse' : 'dot'} aria-hidden="true" /> {text.live}
    </button>
  );
}
