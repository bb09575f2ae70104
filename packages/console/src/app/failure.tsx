import type { ErrorComponentProps } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Notice } from '../components/notice.tsx';
import { useMessages } from './preferences.tsx';

/** A page that threw while it was drawn: a sentence and a way on, never a stack trace. */
export function PageFailed({ error, reset }: ErrorComponentProps): ReactNode {
  const text = useMessages();
  return (
    <Notice
      title={text.pageFailed}
      detail={error instanceof Error ? error.message : String(error)}
      tone="error"
    >
      <button type="button" className="button" onClick={reset}>
        {text.tryAgain}
      </button>
    </Notice>
  );
}

export function NotFound(): ReactNode {
  const text = useMessages();
  return (
    <Notice title={text.notFound}>
      <Link to="/" className="button">
        {text.goHome}
      </Link>
    </Notice>
  );
}
