import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** Called when the text is settled: on Enter, on leaving the field, or when a suggestion is taken. */
  readonly onCommit: (value: string) => void;
  readonly suggestions?: readonly string[];
  readonly placeholder?: string;
  readonly isInvalid?: boolean;
  readonly isSearch?: boolean;
  readonly className?: string;
  readonly testId?: string;
}

/** A labelled line of text, with suggestions where there are some. */
export function TextField(props: TextFieldProps): ReactNode {
  const [draft, setDraft] = useState(props.value);
  useEffect(() => setDraft(props.value), [props.value]);
  const [id, listId] = [useId(), useId()];
  const commit = (value: string): void => {
    if (value !== props.value) props.onCommit(value);
  };
  const change = (value: string): void => {
    setDraft(value);
    if (props.suggestions?.includes(value)) commit(value);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    // While a Korean syllable is being composed, Enter ends the composition and not the field.
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) commit(draft.trim());
  };
  return (
    <div className={`field ${props.className ?? ''}`}>
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        value={draft}
        list={props.suggestions ? listId : undefined}
        placeholder={props.placeholder}
        aria-invalid={props.isInvalid || undefined}
        data-search={props.isSearch || undefined}
        data-testid={props.testId}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
        onBlur={() => commit(draft.trim())}
        onKeyDown={onKey}
      />
      {props.suggestions && <Suggestions id={listId} values={props.suggestions} />}
    </div>
  );
}

function Suggestions({ id, values }: { readonly id: string; readonly values: readonly string[] }): ReactNode {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  readonly className?: string;
  readonly testId?: string;
}

/** A labelled choice. A value that is not among the options (an old link) is offered all the same. */
export function SelectField({
  label,
  value,
  options,
  onChange,
  className = '',
  testId,
}: SelectFieldProps): ReactNode {
  const id = useId();
  const isListed = options.some((option) => option.value === value);
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)}>
        {!isListed && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
