import type { ReactNode } from 'react';
import { useBoard } from '../context.ts';
import { go } from '../router.ts';
import { asAction } from '../telemetry/actions.ts';
import type { Language } from '../texts.ts';
import { Link } from './link.tsx';

/** The bar on top: where one can go, who one is, and the language. */
export function Header({ choose }: { choose: (language: Language) => void }): ReactNode {
  const { t, language, me } = useBoard();
  const other: Language = language === 'ko' ? 'en' : 'ko';
  return (
    <header className="bar">
      <Link to="/" className="brand" testId="nav-home">
        <img src="/icon.svg" alt="" width="26" height="26" />
        {t('board')}
      </Link>
      <nav>
        {me?.is_admin && (
          <Link to="/admin" testId="nav-admin">
            {t('admin')}
          </Link>
        )}
        {me ? <Account name={me.username} /> : <Visitor />}
        <button
          type="button"
          className="quiet"
          lang={other}
          onClick={() => choose(other)}
          data-testid="nav-language"
        >
          {other === 'ko' ? '한국어' : 'English'}
        </button>
      </nav>
    </header>
  );
}

function Visitor(): ReactNode {
  const { t } = useBoard();
  return (
    <>
      <Link to="/register" testId="nav-register">
        {t('register')}
      </Link>
      <Link to="/login" className="button" testId="nav-login">
        {t('login')}
      </Link>
    </>
  );
}

function Account({ name }: { name: string }): ReactNode {
  const { api, t, refreshMe } = useBoard();
  const logOut = () =>
    asAction('log out', async (within) => {
      await within(() => api.logout());
      await within(refreshMe);
      go('/');
    });
  return (
    <>
      <span className="faint" data-testid="user-name">
        {name}
      </span>
      <button
        type="button"
        className="quiet"
        onClick={() => void logOut().catch(() => go('/'))}
        data-testid="nav-logout"
      >
        {t('logout')}
      </button>
    </>
  );
}
