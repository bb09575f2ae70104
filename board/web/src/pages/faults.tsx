import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Fault } from '../api/client.ts';
import { useBoard } from '../context.ts';
import { ErrorNotice, Loading } from '../parts/notice.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { asAction } from '../telemetry/actions.ts';
import { faultText } from '../texts.ts';

const defaultSeconds = 60;
const longestSeconds = 600;
const refreshMillis = 5_000;

/** The fault switches. Their state is asked for again every five seconds, for faults end by themselves. */
export function FaultSwitches(): ReactNode {
  const { api, t } = useBoard();
  const { value, error, reload, put } = useLoaded(useCallback(() => api.faults(), [api]));
  const [seconds, setSeconds] = useState(defaultSeconds);
  const [failed, setFailed] = useState<unknown>();
  useEffect(() => {
    const timer = setInterval(reload, refreshMillis);
    return () => clearInterval(timer);
  }, [reload]);
  const flip = async (fault: Fault, amount: number): Promise<void> => {
    try {
      setFailed(undefined);
      const action = fault.enabled ? 'switch fault off' : 'switch fault on';
      put(
        await asAction(action, (within) =>
          within(() => api.switchFault(fault.name, !fault.enabled, amount, seconds)),
        ),
      );
    } catch (reason) {
      setFailed(reason);
    }
  };
  return (
    <section className="card">
      <h1>{t('faults')}</h1>
      <p className="faint">{t('faultsHelp')}</p>
      <label className="inline">
        {t('seconds')}
        <input
          type="number"
          min={1}
          max={longestSeconds}
          value={seconds}
          onChange={(event) => setSeconds(bounded(event.target.valueAsNumber))}
          data-testid="fault-seconds"
        />
      </label>
      <ErrorNotice error={failed ?? error} />
      {value ? (
        <ul className="faults">
          {value.faults.map((fault) => (
            <Switch key={fault.name} fault={fault} flip={flip} />
          ))}
        </ul>
      ) : (
        error === undefined && <Loading />
      )}
    </section>
  );
}

interface SwitchProps {
  readonly fault: Fault;
  readonly flip: (fault: Fault, value: number) => Promise<void>;
}

function Switch({ fault, flip }: SwitchProps): ReactNode {
  const { t, language } = useBoard();
  const [value, setValue] = useState(fault.value);
  return (
    <li
      className={fault.enabled ? 'on' : ''}
      data-testid={`fault-${fault.name}`}
      data-enabled={fault.enabled}
    >
      <span>
        <strong>{faultText(fault.name, language)}</strong>
        <code>{fault.name}</code>
      </span>
      {fault.enabled && fault.ends_at && <Remaining until={fault.ends_at} />}
      {fault.unit && !fault.enabled && (
        <label className="inline">
          <input
            type="number"
            min={fault.minimum}
            max={fault.maximum}
            step="any"
            value={value}
            onChange={(event) => setValue(event.target.valueAsNumber || fault.minimum)}
            aria-label={`${faultText(fault.name, language)} (${fault.unit})`}
            data-testid={`fault-${fault.name}-value`}
          />
          {fault.unit}
        </label>
      )}
      <button
        type="button"
        role="switch"
        aria-checked={fault.enabled}
        aria-label={faultText(fault.name, language)}
        className={fault.enabled ? 'danger' : 'quiet'}
        onClick={() => void flip(fault, value)}
        data-testid={`fault-${fault.name}-switch`}
      >
        {t(fault.enabled ? 'off' : 'on')}
      </button>
    </li>
  );
}

function Remaining({ until }: { until: string }): ReactNode {
  const { t } = useBoard();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="tag hot">
      {t('remaining', Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000)))}
    </span>
  );
}

function bounded(seconds: number): number {
  return Math.min(longestSeconds, Math.max(1, Math.round(seconds) || 1));
}
