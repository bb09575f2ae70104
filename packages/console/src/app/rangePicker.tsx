import { type FormEvent, type ReactNode, useId } from 'react';
import { Icon } from '../components/icon.tsx';
import { Popover } from '../components/popover.tsx';
import { Segmented } from '../components/segmented.tsx';
import type { Messages } from '../i18n/en.ts';
import { formatMoment, type Notation } from '../model/format.ts';
import { inputTime, parseInputTime } from '../model/inputTime.ts';
import { fixedRange, presetOf, presets, resolveRange, type TimeRange } from '../model/timeRange.ts';
import { useMessages, useNotation, usePreferences } from './preferences.tsx';
import { useRange, useSetRange } from './range.ts';

/** The range of time of every page: by name, by hand, and in which time zone times are shown. */
export function RangePicker(): ReactNode {
  const text = useMessages();
  const range = useRange();
  const label = rangeLabel(range, text, useNotation());
  return (
    <Popover
      className="range-picker"
      testId="time-range"
      label={`${text.timeRange}: ${label}`}
      button={
        <>
          <Icon name="clock" />
          <span className="range-label">{label}</span>
        </>
      }
    >
      {(close) => <RangePanel range={range} onDone={close} />}
    </Popover>
  );
}

function RangePanel({
  range,
  onDone,
}: {
  readonly range: TimeRange;
  readonly onDone: () => void;
}): ReactNode {
  const text = useMessages();
  const setRange = useSetRange();
  const choose = (chosen: TimeRange): void => {
    setRange(chosen);
    onDone();
  };
  return (
    <div className="range-panel">
      <div className="range-presets">
        {presets.map((preset) => (
          <button
            key={preset}
            type="button"
            className="preset"
            aria-pressed={presetOf(range) === preset}
            onClick={() => choose({ from: `now-${preset}`, to: 'now' })}
          >
            {text.lastRange(presetName(preset, text))}
          </button>
        ))}
      </div>
      <div className="range-custom">
        <CustomRange range={range} onChoose={choose} />
        <ZoneChoice />
      </div>
    </div>
  );
}

function CustomRange({
  range,
  onChoose,
}: {
  range: TimeRange;
  onChoose: (range: TimeRange) => void;
}): ReactNode {
  const text = useMessages();
  const { timeZone } = useNotation();
  const [fromId, toId] = [useId(), useId()];
  const { startMillis, endMillis } = resolveRange(range, Date.now());
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const start = parseInputTime(String(fields.get('from')), timeZone);
    const end = parseInputTime(String(fields.get('to')), timeZone);
    if (start !== undefined && end !== undefined && start < end) onChoose(fixedRange(start, end));
  };
  return (
    <form key={`${range.from} ${range.to} ${timeZone}`} onSubmit={submit} className="stack">
      <strong className="small">{text.customRange}</strong>
      <label htmlFor={fromId}>{text.from}</label>
      <input
        id={fromId}
        name="from"
        type="datetime-local"
        step="1"
        required
        defaultValue={inputTime(startMillis, timeZone)}
      />
      <label htmlFor={toId}>{text.to}</label>
      <input
        id={toId}
        name="to"
        type="datetime-local"
        step="1"
        required
        defaultValue={inputTime(endMillis, timeZone)}
      />
      <button type="submit" className="button primary">
        {text.apply}
      </button>
    </form>
  );
}

function ZoneChoice(): ReactNode {
  const text = useMessages();
  const { zone, change } = usePreferences();
  return (
    <Segmented
      label={text.timeZone}
      value={zone}
      options={[
        { value: 'local', label: text.timeZoneLocal },
        { value: 'utc', label: 'UTC' },
      ]}
      onChange={(value) => change({ zone: value })}
    />
  );
}

function rangeLabel(range: TimeRange, text: Messages, notation: Notation): string {
  const preset = presetOf(range);
  if (preset) return text.lastRange(presetName(preset, text));
  const { startMillis, endMillis } = resolveRange(range, Date.now());
  return `${formatMoment(startMillis, notation)} – ${formatMoment(endMillis, notation)}`;
}

function presetName(preset: string, text: Messages): string {
  const count = Number.parseInt(preset, 10);
  if (preset.endsWith('m')) return text.minutes(count);
  if (preset.endsWith('h')) return text.hours(count);
  return preset.endsWith('d') ? text.days(count) : preset;
}
