import { type FormEvent, type ReactNode, useCallback } from 'react';
import { type Message, type MessagePage, pageSize } from '../api/client.ts';
import { useBoard } from '../context.ts';
import { Link } from '../parts/link.tsx';
import { ErrorNotice, Loading } from '../parts/notice.tsx';
import { Time } from '../parts/time.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { go, listAddress } from '../router.ts';
import { asAction } from '../telemetry/actions.ts';

/** One page of messages, all or those that hold `q`. */
export function ListPage({ number, q }: { number: number; q: string }): ReactNode {
  const { api, t, me } = useBoard();
  const load = useCallback(
    () => asAction(q ? 'search messages' : 'list messages', (within) => within(() => api.list(number, q))),
    [api, number, q],
  );
  const { value, error, reload } = useLoaded(load);
  return (
    <section>
      <div className="tools">
        <SearchForm q={q} />
        {me && (
          <Link to="/new" className="button" testId="nav-new">
            {t('write')}
          </Link>
        )}
      </div>
      <ErrorNotice error={error} retry={reload} />
      {value ? <Page page={value} q={q} /> : error === undefined && <Loading />}
    </section>
  );
}

function SearchForm({ q }: { q: string }): ReactNode {
  const { t } = useBoard();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    go(listAddress(1, String(new FormData(event.currentTarget).get('q')).trim()));
  };
  return (
    <search>
      <form className="search" onSubmit={submit} key={q}>
        <input
          name="q"
          type="search"
          defaultValue={q}
          maxLength={100}
          aria-label={t('search')}
          placeholder={t('searchPlaceholder')}
          data-testid="search-input"
        />
        <button type="submit" className="quiet" data-testid="search-submit">
          {t('search')}
        </button>
      </form>
    </search>
  );
}

function Page({ page, q }: { page: MessagePage; q: string }): ReactNode {
  const { t } = useBoard();
  if (page.items.length === 0) return <p className="empty">{t(q ? 'nothingFound' : 'empty')}</p>;
  return (
    <>
      <p className="faint" data-testid="message-count">
        {t('count', page.total)} {q && <Link to="/">{t('clear')}</Link>}
      </p>
      <ul className="messages card" data-testid="message-list">
        {page.items.map((message) => (
          <Row key={message.id} message={message} />
        ))}
      </ul>
      <Pager page={page} q={q} />
    </>
  );
}

function Row({ message }: { message: Message }): ReactNode {
  return (
    <li data-testid="message-item">
      <Link to={`/messages/${message.id}`}>
        <strong>{message.title}</strong>
        <span className="preview">{message.body}</span>
        <span className="meta">
          {message.author} · <Time at={message.created_at} />
        </span>
      </Link>
    </li>
  );
}

function Pager({ page, q }: { page: MessagePage; q: string }): ReactNode {
  const { t } = useBoard();
  const last = Math.max(1, Math.ceil(page.total / pageSize));
  if (last === 1) return null;
  return (
    <nav className="pager" aria-label="pages">
      {page.page > 1 && (
        <Link to={listAddress(page.page - 1, q)} className="button quiet" testId="pager-newer">
          ← {t('newer')}
        </Link>
      )}
      <span className="faint">
        {page.page} / {last}
      </span>
      {page.page < last && (
        <Link to={listAddress(page.page + 1, q)} className="button quiet" testId="pager-older">
          {t('older')} →
        </Link>
      )}
    </nav>
  );
}
