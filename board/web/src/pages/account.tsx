import { type FormEvent, type ReactNode, useState } from 'react';
import { useBoard } from '../context.ts';
import { Link } from '../parts/link.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { go } from '../router.ts';
import { asAction } from '../telemetry/actions.ts';

/** Logs in or registers: the same two fields. */
export function AccountPage({ kind }: { kind: 'login' | 'register' }): ReactNode {
  const { api, t, refreshMe } = useBoard();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const username = String(form.get('username'));
    const password = String(form.get('password'));
    setBusy(true);
    setError(undefined);
    try {
      await asAction(kind === 'login' ? 'log in' : 'register', async (within) => {
        await within(() => api[kind](username, password));
      });
      await refreshMe();
      go('/');
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="card narrow">
      <h1>{t(kind)}</h1>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {t('username')}
          <input
            name="username"
            required
            maxLength={32}
            autoComplete="username"
            data-testid={`${kind}-username`}
          />
        </label>
        <label>
          {t('password')}
          <input
            name="password"
            type="password"
            required
            minLength={kind === 'register' ? 8 : 1}
            autoComplete={kind === 'login' ? 'current-password' : 'new-password'}
            placeholder={kind === 'register' ? t('passwordRule') : undefined}
            data-testid={`${kind}-password`}
          />
        </label>
        <ErrorNotice error={error} />
        <button type="submit" disabled={busy} data-testid={`${kind}-submit`}>
          {t(kind)}
        </button>
      </form>
      <OtherWay kind={kind} />
    </section>
  );
}

function OtherWay({ kind }: { kind: 'login' | 'register' }): ReactNode {
  const { t } = useBoard();
  const other = kind === 'login' ? 'register' : 'login';
  return (
    <p className="faint">
      {t(kind === 'login' ? 'noAccount' : 'haveAccount')} <Link to={`/${other}`}>{t(other)}</Link>
    </p>
  );
}
