import { type FormEvent, type ReactNode, useCallback, useState } from 'react';
import type { Message } from '../api/client.ts';
import { useBoard } from '../context.ts';
import { Link } from '../parts/link.tsx';
import { ErrorNotice, Loading } from '../parts/notice.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { go } from '../router.ts';
import { asAction } from '../telemetry/actions.ts';

/** Writes a new message. */
export function NewMessagePage(): ReactNode {
  const { api, t } = useBoard();
  return (
    <MessageForm
      heading={t('write')}
      action="post message"
      submitText={t('post')}
      send={(title, body) => api.post(title, body)}
    />
  );
}

/** Changes a message. */
export function EditMessagePage({ id }: { id: number }): ReactNode {
  const { api, t } = useBoard();
  const load = useCallback(() => api.read(id), [api, id]);
  const { value, error, reload } = useLoaded(load);
  if (!value) return error === undefined ? <Loading /> : <ErrorNotice error={error} retry={reload} />;
  return (
    <MessageForm
      heading={t('edit')}
      action="edit message"
      submitText={t('save')}
      before={value}
      send={(title, body) => api.edit(id, title, body)}
    />
  );
}

interface MessageFormProps {
  readonly heading: string;
  /** The name of the span. */
  readonly action: string;
  readonly submitText: string;
  readonly before?: Message;
  readonly send: (title: string, body: string) => Promise<Message>;
}

function MessageForm({ heading, action, submitText, before, send }: MessageFormProps): ReactNode {
  const { t } = useBoard();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    try {
      const sent = await asAction(action, (within) =>
        within(() => send(String(form.get('title')), String(form.get('body')))),
      );
      go(`/messages/${sent.id}`);
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <section className="card">
      <h1>{heading}</h1>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {t('title')}
          <input
            name="title"
            required
            maxLength={120}
            defaultValue={before?.title}
            data-testid="message-title"
          />
        </label>
        <label>
          {t('body')}
          <textarea
            name="body"
            required
            maxLength={4_000}
            rows={10}
            defaultValue={before?.body}
            data-testid="message-body"
          />
        </label>
        <ErrorNotice error={error} />
        <div className="tools end">
          <Link to={before ? `/messages/${before.id}` : '/'} className="button quiet">
            {t('cancel')}
          </Link>
          <button type="submit" disabled={busy} data-testid="message-submit">
            {submitText}
          </button>
        </div>
      </form>
    </section>
  );
}
