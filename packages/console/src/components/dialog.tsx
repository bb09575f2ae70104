import { type ReactNode, useEffect, useRef } from 'react';
import { useMessages } from '../app/preferences.tsx';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog of the browser's own: focus stays inside, Escape closes. */
export function Dialog({ title, onClose, children }: DialogProps): ReactNode {
  const text = useMessages();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => element.current?.showModal(), []);
  return (
    <dialog ref={element} className="dialog" aria-label={title} onClose={onClose}>
      <header>
        <strong>{title}</strong>
        <button
          type="button"
          className="tool"
          aria-label={text.close}
          onClick={() => element.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
