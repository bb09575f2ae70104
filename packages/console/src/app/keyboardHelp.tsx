import type { ReactNode } from 'react';
import { Dialog } from '../components/dialog.tsx';
import type { Messages } from '../i18n/en.ts';
import { useMessages } from './preferences.tsx';

const keys = [
  ['/', 'keySearch'],
  ['g h', 'keyHome'],
  ['g t', 'keyTraces'],
  ['g l', 'keyLogs'],
  ['g m', 'keyMetrics'],
  ['j', 'keyNext'],
  ['k', 'keyPrevious'],
  ['Enter', 'keyOpen'],
  ['?', 'keyHelp'],
  ['Esc', 'keyClose'],
] as const satisfies readonly (readonly [string, keyof Messages])[];

export function KeyboardHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  const text = useMessages();
  return (
    <Dialog title={text.keyboard} onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, name]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{text[name]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
