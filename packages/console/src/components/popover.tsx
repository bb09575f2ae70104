import { type ReactNode, useEffect, useRef, useState } from 'react';

interface PopoverProps {
  /** The button's name, when its content does not say it. */
  readonly label?: string;
  readonly button: ReactNode;
  readonly children: (close: () => void) => ReactNode;
  readonly className?: string;
  readonly side?: 'bottom' | 'top';
  readonly testId?: string;
}

/** A panel that opens beside its button and closes on Escape, on a press outside, or when focus leaves it. */
export function Popover({
  label,
  button,
  children,
  className = '',
  side = 'bottom',
  testId,
}: PopoverProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const close = (): void => setOpen(false);
  useClosing(isOpen, box, close);
  return (
    <div className={`popover ${className}`} ref={box}>
      <button
        type="button"
        className="popover-button"
        aria-label={label}
        aria-expanded={isOpen}
        data-testid={testId}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <div className="popover-panel" data-side={side}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

function useClosing(isOpen: boolean, box: React.RefObject<HTMLElement | null>, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPress = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) latest.current();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      latest.current();
      box.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('focusin', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('focusin', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, [isOpen, box]);
}
