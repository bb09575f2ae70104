import { type ReactNode, useEffect, useState } from 'react';
import { useMessages } from '../app/preferences.tsx';
import { Icon } from './icon.tsx';

const confirmationMillis = 1500;

/** Copies a text, and says so for a moment. */
export function CopyButton({ value, label }: { readonly value: string; readonly label?: string }): ReactNode {
  const text = useMessages();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), confirmationMillis);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    // The clipboard exists on secure origins only; the text itself stays selectable beside the button.
    await navigator.clipboard?.writeText(value);
    setCopied(true);
  };
  const name = isCopied ? text.copied : (label ?? text.copy);
  return (
    <button
      type="button"
      className="tool small-tool"
      aria-label={name}
      title={name}
      onClick={() => void copy()}
    >
      {isCopied ? <span className="small good">{text.copied}</span> : <Icon name="copy" />}
    </button>
  );
}
