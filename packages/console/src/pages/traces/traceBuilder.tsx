import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fetchTagValues } from '../../api/tempo.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRangedQuery } from '../../app/range.ts';
import type { TracesState } from '../../app/state.ts';
import { SelectField, TextField } from '../../components/field.tsx';
import { isGoDuration, traceqlOf } from '../../model/traceql.ts';
import { ConditionList } from './conditionList.tsx';

interface TraceBuilderProps {
  readonly state: TracesState;
  readonly query: string;
}

/** The choices of a search. Each change is a new address, so that every search can be shared and gone back to. */
export function TraceBuilder({ state, query }: TraceBuilderProps): ReactNode {
  const text = useMessages();
  const navigate = useNavigate({ from: '/traces' });
  const change = (changed: TracesState): void =>
    void navigate({ search: (before) => ({ ...before, ...changed, q: undefined, limit: undefined }) });
  const { services, operations } = useSuggestions(state.service);
  return (
    <section
      className="builder"
      aria-label={text.search}
      data-by-hand={state.q ? true : undefined}
      data-query={query}
    >
      <SelectField
        label={text.service}
        value={state.service ?? ''}
        options={[{ value: '', label: text.any }, ...services.map((value) => ({ value, label: value }))]}
        testId="filter-service"
        onChange={(service) => change({ service: service || undefined, operation: undefined })}
      />
      <TextField
        label={text.operation}
        value={state.operation ?? ''}
        suggestions={operations}
        placeholder={text.any}
        isSearch
        className="wide"
        testId="filter-operation"
        onCommit={(operation) => change({ operation: operation || undefined })}
      />
      <SelectField
        label={text.status}
        value={state.status ?? ''}
        options={[
          { value: '', label: text.any },
          { value: 'error', label: text.statusError },
          { value: 'ok', label: text.statusOk },
          { value: 'unset', label: text.statusUnset },
        ]}
        className="short"
        testId="filter-status"
        onChange={(status) => change({ status: status || undefined })}
      />
      <DurationField
        label={text.minDuration}
        value={state.min}
        testId="filter-min"
        onCommit={(min) => change({ min })}
      />
      <DurationField
        label={text.maxDuration}
        value={state.max}
        testId="filter-max"
        onCommit={(max) => change({ max })}
      />
      <ConditionList conditions={state.where ?? []} onChange={(where) => change({ where })} />
    </section>
  );
}

function useSuggestions(service: string | undefined): {
  services: readonly string[];
  operations: readonly string[];
} {
  const services = useRangedQuery({
    key: ['tag values', 'resource.service.name'],
    fetch: (range, signal) => fetchTagValues('resource.service.name', '', range, signal),
  });
  const query = traceqlOf({ service });
  const operations = useRangedQuery({
    key: ['tag values', 'name', query],
    fetch: (range, signal) => fetchTagValues('name', query, range, signal),
  });
  return { services: services.data?.value ?? [], operations: operations.data?.value ?? [] };
}

interface DurationFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onCommit: (value: string | undefined) => void;
  readonly testId: string;
}

function DurationField({ label, value = '', onCommit, testId }: DurationFieldProps): ReactNode {
  const text = useMessages();
  const isInvalid = value !== '' && !isGoDuration(value);
  return (
    <TextField
      label={isInvalid ? text.badDuration : label}
      value={value}
      placeholder="100ms"
      isInvalid={isInvalid}
      className="short"
      testId={testId}
      onCommit={(typed) => onCommit(typed || undefined)}
    />
  );
}
