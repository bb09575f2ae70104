import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ApiError } from '../api/http.ts';
import { signIn } from '../api/session.ts';
import { Icon } from '../components/icon.tsx';
import { useMessages } from './preferences.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';
import '../styles/signIn.css';

/** What stands in place of every page until a key was shown. The page that was asked for comes after it. */
export function SignIn(): ReactNode {
  const text = useMessages();
  return (
    <div className="sign-in">
      <div className="sign-in-tools">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className="card sign-in-card">
        <div className="brand">
          <Icon name="maru" />
          <span>Maru</span>
        </div>
        <h1>{text.signInTitle}</h1>
        <KeyForm />
        <p className="sign-in-hint">{text.signInHint}</p>
        <code className="telemetry">./maru key create NAME --read</code>
      </main>
    </div>
  );
}

function KeyForm(): ReactNode {
  const text = useMessages();
  const client = useQueryClient();
  const [id, problemId] = [useId(), useId()];
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const key = String(new FormData(event.currentTarget).get('key') ?? '');
    try {
      await signIn(key);
      await client.resetQueries();
    } catch (error) {
      const isRefused = error instanceof ApiError && (error.status === 401 || error.status === 400);
      setProblem(isRefused ? text.signInRefused : text.unreachable(location.origin));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="sign-in-form" onSubmit={(event) => void submit(event)}>
      <label htmlFor={id}>{text.signInKey}</label>
      <input
        id={id}
        name="key"
        type="password"
        required
        autoComplete="current-password"
        spellCheck={false}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        data-testid="sign-in-key"
      />
      {problem !== undefined && (
        <p id={problemId} role="alert" className="sign-in-problem" data-testid="sign-in-problem">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary" disabled={isBusy} data-testid="sign-in">
        {text.signIn}
      </button>
    </form>
  );
}
