import { QueryError, quoteText } from '@maru/query-core';
import type { Value } from '../../evaluate/values.ts';

/** The text of a string argument. */
export function textOf(value: Value | undefined): string {
  return value?.kind === 'string' ? value.value : '';
}

/** Refuses what no label may be called: an empty name, or one that is no UTF-8. */
export function checkLabelName(role: 'source' | 'destination', where: string, name: string): void {
  if (name !== '' && name.isWellFormed()) return;
  throw new QueryError('execution', `invalid ${role} label name in ${where}: ${quoteText(name)}`);
}
