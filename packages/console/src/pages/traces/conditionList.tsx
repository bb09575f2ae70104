import { type FormEvent, type ReactNode, useState } from 'react';
import { fetchAttributeNames, fetchTagValues } from '../../api/tempo.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRangedQuery } from '../../app/range.ts';
import { SelectField, TextField } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { type AttributeCondition, conditionOperators, conditionParameter } from '../../model/traceql.ts';

interface ConditionListProps {
  readonly conditions: readonly string[];
  readonly onChange: (conditions: readonly string[] | undefined) => void;
}

/** The attribute conditions of a search, and a way to add one. */
export function ConditionList({ conditions, onChange }: ConditionListProps): ReactNode {
  const text = useMessages();
  const [isAdding, setAdding] = useState(false);
  const remove = (condition: string): void => {
    const left = conditions.filter((one) => one !== condition);
    onChange(left.length === 0 ? undefined : left);
  };
  const add = (condition: AttributeCondition): void => {
    setAdding(false);
    onChange([...new Set([...conditions, conditionParameter(condition)])]);
  };
  return (
    <div className="conditions">
      {conditions.map((condition) => (
        <span key={condition} className="chip condition mono">
          <span className="telemetry">{condition}</span>
          <button
            type="button"
            aria-label={`${text.removeCondition}: ${condition}`}
            onClick={() => remove(condition)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {!isAdding && (
        <button type="button" className="button" data-testid="add-condition" onClick={() => setAdding(true)}>
          <Icon name="plus" /> {text.addCondition}
        </button>
      )}
      {isAdding && <ConditionForm onAdd={add} onCancel={() => setAdding(false)} />}
    </div>
  );
}

interface ConditionFormProps {
  readonly onAdd: (condition: AttributeCondition) => void;
  readonly onCancel: () => void;
}

function ConditionForm({ onAdd, onCancel }: ConditionFormProps): ReactNode {
  const text = useMessages();
  const [condition, setCondition] = useState<AttributeCondition>({ key: '', operator: '=', value: '' });
  const names = useRangedQuery({ key: ['attribute names'], fetch: fetchAttributeNames });
  const values = useRangedQuery({
    key: ['tag values', condition.key],
    fetch: (range, signal) => fetchTagValues(condition.key, '', range, signal),
    enabled: condition.key !== '',
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (condition.key !== '' && condition.value !== '') onAdd(condition);
  };
  const operators = conditionOperators.map((value) => ({ value, label: value }));
  return (
    <form className="condition-form" onSubmit={submit}>
      <TextField
        label={text.attribute}
        value={condition.key}
        suggestions={names.data?.value ?? []}
        placeholder="span.http.route"
        testId="condition-key"
        onCommit={(key) => setCondition((before) => ({ ...before, key: key.replaceAll(' ', '') }))}
      />
      <SelectField
        label={text.operator}
        value={condition.operator}
        options={operators}
        className="short"
        onChange={(value) =>
          setCondition((before) => ({
            ...before,
            operator: conditionOperators.find((one) => one === value) ?? '=',
          }))
        }
      />
      <TextField
        label={text.value}
        value={condition.value}
        suggestions={values.data?.value ?? []}
        testId="condition-value"
        onCommit={(value) => setCondition((before) => ({ ...before, value }))}
      />
      <button type="submit" className="button primary" data-testid="condition-add">
        {text.apply}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        {text.close}
      </button>
    </form>
  );
}
