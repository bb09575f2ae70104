import { type ReactNode, useCallback, useState } from 'react';
import type { Message } from '../api/client.ts';
import { useBoard } from '../context.ts';
import { Link } from '../parts/link.tsx';
import { ErrorNotice, Loading } from '../parts/notice.tsx';
import { Time } from '../parts/time.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { go } from '../router.ts';
import { asAction } from '../telemetry/actions.ts';

/** One message in full. */
export function MessagePage({ id }: { id: number }): ReactNode {
  const { api, t } = useBoard();
  const load = useCallback(() => asAction('read message', (within) => within(() => api.read(id))), [api, id]);
  const { value, error, reload } = useLoaded(load);
  return (
    <section>
      <p>
        <Link to="/">← {t('back')}</Link>
      </p>
      <ErrorNotice error={error} retry={reload} />
      {value ? <Article message={value} /> : error === undefined && <Loading />}
    </section>
  );
}

function Article({ message }: { message: Message }): ReactNode {
  const { t, me } = useBoard();
  const mine = me && (me.is_admin || me.id === message.author_id);
  return (
    <article className="card" data-testid="message">
      <h1>{message.title}</h1>
      <p className="meta">
        {message.author} · <Time at={message.created_at} />
        {message.updated_at !== message.created_at && ` · ${t('edited')}`}
      </p>
      <div className="text">{message.body}</div>
      {mine && <OwnerTools id={message.id} />}
    </article>
  );
}

function OwnerTools({ id }: { id: number }): ReactNode {
  const { api, t } = useBoard();
  const [error, setError] = useState<unknown>();
  const remove = async (): Promise<void> => {
    if (!confirm(t('removeQuestion'))) return;
    try {
      await asAction('delete message', (within) => within(() => api.remove(id)));
      go('/');
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <>
      <ErrorNotice error={error} />
      <div className="tools end">
        <Link to={`/messages/${id}/edit`} className="button quiet" testId="message-edit">
          {t('edit')}
        </Link>
        <button type="button" className="danger" onClick={() => void remove()} data-testid="message-delete">
          {t('remove')}
        </button>
      </div>
    </>
  );
}
