import type { ReactNode } from 'react';
import { useBoard } from '../context.ts';

/** A point in time, short, in the reader's own zone. */
export function Time({ at }: { at: string }): ReactNode {
  const { language } = useBoard();
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}
