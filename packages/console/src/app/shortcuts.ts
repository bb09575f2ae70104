import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';

const goTo = { h: '/', t: '/traces', l: '/logs', m: '/charts' } as const;

/** How long after `g` the second key counts. */
const sequenceMillis = 1200;

/** The keys that work on every page: `/`, `?`, `g` and a page's letter, `j` and `k`. They are silent while one types. */
export function useShortcuts(openHelp: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goPressedAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page =
        event.timeStamp - goPressedAt < sequenceMillis ? goTo[event.key as keyof typeof goTo] : undefined;
      goPressedAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (page) void navigate({ to: page });
      else if (event.key === '?') openHelp();
      else if (event.key === '/') focusSearch(event);
      else if (event.key === 'j') moveFocus(1);
      else if (event.key === 'k') moveFocus(-1);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate, openHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable], dialog *')
  );
}

/** The page's search field is the element marked `data-search`. */
function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLElement>('[data-search]');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

/** Rows of lists and tables are marked `data-row` and take focus; virtual lists keep the neighbours of a row drawn. */
function moveFocus(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const current = rows.findIndex(
    (row) => row === document.activeElement || row.contains(document.activeElement),
  );
  const next = rows[current < 0 ? 0 : current + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
